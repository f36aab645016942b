using System.Net;
using System.Net.Sockets;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What an address says of who calls.</summary>
internal static class Networks
{
    private static readonly IPNetwork[] _private =
    [
        .. ((string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7",
            "fe80::/10", "::1/128"]).Select(IPNetwork.Parse),
    ];

    /// <summary>The address; of IPv6 the /64, which is what one subscriber has.</summary>
    public static string Of(IPAddress? address) => Plain(address) is { AddressFamily: AddressFamily.InterNetworkV6 } long6
        ? Convert.ToHexStringLower(long6.GetAddressBytes().AsSpan(0, 8))
        : $"{Plain(address)}";

    /// <summary>Not of the internet: a proxy's, or a neighbour's.</summary>
    public static bool IsPrivate(IPAddress address) => Array.Exists(_private, network => network.Contains(Plain(address)!));

    public static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
