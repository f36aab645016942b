using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Countersign.Server.Hosting;

/// <summary>Who calls, seen through proxies that are trusted to say so. A header of anybody else is not looked at.</summary>
internal static class TrustedProxies
{
    public static void UseTrustedProxies(this WebApplication app)
    {
        var proxies = app.Services.GetRequiredService<CountersignOptions>().TrustedProxies;
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
            options.KnownIPNetworks.Add(Parse(proxy)!.Value);
        }
        app.UseForwardedHeaders(options);
    }

    /// <summary>Says what is wrong with an entry, or null.</summary>
    public static string? Problem(string text) =>
        Parse(text) is not { } network ? "must be an address or a network (10.0.0.7, 10.0.0.0/8, fd00::/8)"
        // Everybody could say that they are anybody.
        : network.PrefixLength == 0 ? "must not be everybody: name the proxies' own addresses or networks"
        : null;

    private static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
