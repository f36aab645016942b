using System.Net;
using System.Net.Sockets;
using Countersign.Core;

namespace Countersign.Server.Endpoints.Http;

/// <summary>What an address says of who calls.</summary>
internal static class Networks
{
    /// <summary>The address; of IPv6 the /64, which is what one subscriber has. Empty for one that is not known.</summary>
    public static string Of(IPAddress? address) => address is null ? "" : ClientAddress.Plain(address) switch
    {
        { AddressFamily: AddressFamily.InterNetworkV6 } long6 => Convert.ToHexStringLower(long6.GetAddressBytes().AsSpan(0, 8)),
        var plain => plain.ToString(),
    };
}
