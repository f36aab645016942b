using Microsoft.AspNetCore.HttpOverrides;

namespace Countersign.Server.Hosting;

/// <summary>Who calls, seen through proxies that are trusted to say so. A header of anybody else is not looked at.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<TrustedProxiesOptions>().TrustedProxies;
        if (proxies.Length == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            // The public address is configured: neither host nor scheme are taken from a header.
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            // As far as the chain is trusted: the first address that is not is the caller's.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(TrustedProxiesOptions.ReadNetwork(proxy)!.Value);
        }
        app.UseForwardedHeaders(options);
    }
}
