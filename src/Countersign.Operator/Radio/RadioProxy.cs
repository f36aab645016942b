using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Operator.Radio;

/// <summary>
/// A forward proxy on loopback that sends from one address of 127.0.0.0/8: a browser behind it is the handset with the SIM at that address.
/// It serves whoever connects and goes to this machine only; it is no proxy for anything else.
/// </summary>
internal sealed class RadioProxy : IDisposable
{
    private readonly IPAddress _egress;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly Task _accepting;

    /// <exception cref="SocketException">The port is taken.</exception>
    public RadioProxy(IPAddress egress, int port)
    {
        _egress = egress;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            var connection = ServeAsync(client);
            _connections[connection] = 0;
            _ = connection.ContinueWith(
                done => _connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await new RadioConnection(client.GetStream(), _egress).ServeAsync(_stopping.Token);
            }
            catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
            {
                // The browser or the server went away: the connection ends, as on any radio.
            }
        }
    }
}
