using System.Net;
using System.Net.Sockets;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Networks whose addresses may be a proxy's: of who calls from one the server says nothing.</summary>
internal static class PrivateNetwork
{
    private static readonly IPNetwork[] _networks =
    [
        .. ((string[])
            [
                "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
                "fe80::/10",
            ]).Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>The origin is in one, and so whoever calls it is, too.</summary>
    public static async Task<bool> HasAsync(Uri origin, CancellationToken cancellationToken)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(origin.IdnHost, cancellationToken)).Any(Has);
        }
        catch (SocketException)
        {
            throw new CannotPlay("Whether the server is in a private network cannot be found out.");
        }
    }

    public static bool Has(IPAddress address) =>
        _networks.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
}
