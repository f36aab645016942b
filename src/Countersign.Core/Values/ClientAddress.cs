using System.Net;

namespace Countersign.Core;

/// <summary>What the address of a caller's connection says.</summary>
public static class ClientAddress
{
    private static readonly IPNetwork[] _private =
    [
        .. ((string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7",
            "fe80::/10", "::1/128"]).Select(IPNetwork.Parse),
    ];

    /// <summary>The address of IPv4, where one is written as IPv6 (RFC 4291 2.5.5.2: <c>::ffff:198.51.100.7</c>).</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Not of the internet: a proxy's, or a neighbour's.</summary>
    public static bool IsPrivate(IPAddress address)
    {
        var plain = Plain(address);
        return Array.Exists(_private, network => network.Contains(plain));
    }
}
