using System.Collections.Concurrent;
using System.Net;

namespace Countersign.Operator.State;

/// <summary>
/// Which SIM is behind which address: what a real operator reads from its packet gateway's sessions. An address without an entry is
/// somewhere else on the internet, e.g. in a Wi-Fi.
/// </summary>
internal sealed class RadioNetwork(OperatorSettings settings)
{
    private readonly ConcurrentDictionary<IPAddress, Msisdn> _attached = new(settings.Network);

    public IEnumerable<KeyValuePair<IPAddress, Msisdn>> All => _attached.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal);

    /// <summary>Null when no SIM is behind this address.</summary>
    public Msisdn? Find(IPAddress address) => _attached.GetValueOrDefault(Plain(address));

    public void Attach(IPAddress address, Msisdn number) => _attached[Plain(address)] = number;

    public void Detach(IPAddress address) => _attached.TryRemove(Plain(address), out _);

    public void Reset()
    {
        _attached.Clear();
        foreach (var (address, number) in settings.Network)
        {
            _attached[address] = number;
        }
    }

    // A socket that serves both families sees 127.0.0.42 as ::ffff:127.0.0.42.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
