using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Countersign.Operator.Hosting;

/// <summary>Who this operator says it is: the configured issuer, or the first address it listens on.</summary>
internal sealed class Issuer(OperatorSettings settings, IServer server)
{
    /// <exception cref="InvalidOperationException">Nothing is configured, and the server does not listen yet.</exception>
    public string Origin => settings.Issuer
        ?? Reachable(Addresses.FirstOrDefault() ?? throw new InvalidOperationException("The operator does not listen yet."));

    public IReadOnlyCollection<string> Addresses => [.. server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];

    /// <summary>Whether every address listened on belongs to this machine alone.</summary>
    public bool IsLoopbackOnly => Addresses.All(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback);

    private static string Reachable(string address)
    {
        // http://*:8090 and its kin mean every address; a program on this machine needs one.
        var url = new Uri(
            address.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal));
        var host = IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? "localhost" : url.Host;
        return url.IsDefaultPort ? $"{url.Scheme}://{host}" : $"{url.Scheme}://{host}:{url.Port}";
    }
}
