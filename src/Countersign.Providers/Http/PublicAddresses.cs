using System.Net;
using System.Net.Sockets;
using Countersign.Core;

namespace Countersign.Providers.Http;

/// <summary>
/// Connections to addresses that others have chosen: the name is looked up once, each address is judged, and the connection goes to an
/// address that was judged, so that a name cannot mean one machine to the judge and another to the socket.
/// </summary>
/// <param name="find">Looks a name up.</param>
internal sealed class PublicAddresses(Func<string, CancellationToken, Task<IPAddress[]>> find)
{
    private static readonly IPNetwork[] _private =
    [
        .. new[]
        {
            // Special-purpose address registries of IANA (RFC 6890): none of these is a machine of the public internet.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // The first holds the loopback address and the IPv4-compatible ones, which some systems still take for IPv4.
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7",
            "fe80::/10", "fec0::/10",
            "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>By the system's way to look names up.</summary>
    public static PublicAddresses Only { get; } = new(Dns.GetHostAddressesAsync);

    /// <summary>True for addresses of the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = ClientAddress.Plain(address);
        return !_private.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }

    /// <summary>Connects to a machine of the public internet, or throws.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await find(target.Host, cancellationToken);
        // One private address among public ones is a name that somebody plays with: none is used.
        if (addresses.Length == 0 || !addresses.All(IsPublic))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "The address is not of the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
