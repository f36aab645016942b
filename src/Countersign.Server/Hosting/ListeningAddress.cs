using Microsoft.AspNetCore.Hosting.Server;

namespace Countersign.Server.Hosting;

/// <summary>The configured public address, or that of the first public URL the server listens on.</summary>
internal static class ListeningAddress
{
    public static string Of(IServiceProvider services)
    {
        if (services.GetRequiredService<ServerOptions>().PublicUrl is { } configured)
        {
            return configured;
        }

        if (services.GetRequiredService<Listeners>().AddressesOf(services.GetRequiredService<IServer>()).Public is not [var first, ..])
        {
            throw new InvalidOperationException("The server does not listen yet.");
        }
        // http://*:8080 and its kin mean every address; a browser on this machine needs one.
        var url = new Uri(
            first.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal));
        var host = url.Host is "0.0.0.0" or "[::]" ? "localhost" : url.Host;
        return url.IsDefaultPort ? $"{url.Scheme}://{host}" : $"{url.Scheme}://{host}:{url.Port}";
    }
}
