using System.Net;
using System.Net.Sockets;
using Countersign.Core;

namespace Countersign.Providers.Http;

/// <summary>
/// Connections to addresses that others have chosen: the name is looked up once, each address is judged, and the connection goes to an
/// address that was judged, so that a name cannot mean one machine to the judge and another to the socket.
/// </summary>
/// <param name="find">Looks a name up.</param>
/// <param name="others">Networks that may be connected to as well.</param>
/// <param name="machine">By which an address is waited for; null for the system's.</param>
internal sealed class PublicAddresses(
    Func<string, CancellationToken, Task<IPAddress[]>> find, IReadOnlyList<IPNetwork>? others = null, TimeProvider? machine = null)
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
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
            "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
            // Public by its number, and in Azure the machine's own host, which answers nobody else.
            "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    // For all addresses of a name together, each its share: a first one that is dead leaves time for the next.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    /// <summary>By the system's way to look names up.</summary>
    public static PublicAddresses Only { get; } = new(Dns.GetHostAddressesAsync);

    /// <summary>True for addresses of the public internet.</summary>
    public static bool IsPublic(IPAddress address) => !IsIn(_private, address);

    /// <summary>True for those, and for addresses of the other networks.</summary>
    public bool IsAllowed(IPAddress address) => IsPublic(address) || (others is not null && IsIn(others, address));

    /// <summary>Connects to a machine of the public internet, or throws <see cref="NotPublicException"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var addresses = await find(target.Host, cancellationToken);
        // One private address among public ones is a name that somebody plays with: none is used.
        if (addresses.Length == 0 || !addresses.All(IsAllowed))
        {
            throw new NotPublicException();
        }

        for (var i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], target.Port), _patience / addresses.Length, cancellationToken);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next may answer.
            }
        }
    }

    private async Task<Stream> ConnectAsync(IPEndPoint to, TimeSpan share, CancellationToken cancellationToken)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var end = new CancellationTokenSource(share, machine ?? TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
            await socket.ConnectAsync(to, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsIn(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        var plain = ClientAddress.Plain(address);
        return networks.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }
}

/// <summary>A name leads to a machine that is none of the public internet, or to one among others.</summary>
internal sealed class NotPublicException()
    : HttpRequestException(HttpRequestError.ConnectionError, "The address is not of the public internet.");
