using System.Net;
using System.Net.Sockets;

namespace Countersign.Core.Possession.MobileAuth;

/// <summary>
/// The address that a browser's call comes from, as far as two calls of one browser have it in common: its /24, of IPv6 its /64.
/// </summary>
public static class ClientNetwork
{
    /// <summary>Null for an address that is not known. Those of IPv4 and of IPv6 are never the same.</summary>
    public static string? Of(IPAddress? address) => address is null ? null : ClientAddress.Plain(address) switch
    {
        { AddressFamily: AddressFamily.InterNetwork } four => "4" + Convert.ToHexStringLower(four.GetAddressBytes().AsSpan(0, 3)),
        { AddressFamily: AddressFamily.InterNetworkV6 } six => "6" + Convert.ToHexStringLower(six.GetAddressBytes().AsSpan(0, 8)),
        _ => null,
    };
}

/// <summary>Where a script's check came from, as it says of itself. Prints nothing: an address is personal.</summary>
/// <param name="Began">The network (<see cref="ClientNetwork"/>) that the check began from; null when it was not known.</param>
/// <param name="Returned">The one that brought the operator's answer; null when it was not known.</param>
public sealed record BrowserPath(string? Began, string? Returned)
{
    /// <summary>All of it came from the network of this address.</summary>
    public bool IsOf(IPAddress? address) =>
        ClientNetwork.Of(address) is { } present && Began == present && Returned == present;

    public override string ToString() => nameof(BrowserPath);
}
