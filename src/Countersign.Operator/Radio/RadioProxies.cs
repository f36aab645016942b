using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Countersign.Operator.State;

namespace Countersign.Operator.Radio;

/// <summary>The radio proxies that are open, by the address they send from.</summary>
internal sealed class RadioProxies(OperatorSettings settings, ILogger<RadioProxies> logger) : IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<IPAddress, Lazy<RadioProxy>> _open = new();

    public IEnumerable<KeyValuePair<IPAddress, string>> All =>
        _open.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value.Url));

    /// <summary>The proxy's address for <c>--proxy-server</c>; the one that is open already, whatever its port.</summary>
    /// <param name="port">0 chooses a free one.</param>
    public string Open(IPAddress address, int port) => _open.GetOrAdd(address, _ => new Lazy<RadioProxy>(() =>
    {
        var proxy = new RadioProxy(address, port);
        Log.RadioOpened(logger, address.ToString(), proxy.Port);
        return proxy;
    })).Value.Url;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (address, port) in settings.Radio)
        {
            try
            {
                Open(address, port);
            }
            catch (SocketException problem)
            {
                throw new ConfigurationException(
                    $"Operator:Radio:{address}: port {port} cannot be listened on ({problem.SocketErrorCode}); 0 chooses a free one.",
                    problem);
            }
        }
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var proxy in _open.Values)
        {
            await proxy.Value.StopAsync();
        }
    }

    public void Dispose()
    {
        foreach (var proxy in _open.Values)
        {
            proxy.Value.Dispose();
        }
    }
}
