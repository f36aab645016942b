using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A wire to a server that a test can cut and unplug.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = [];
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _accepting;
    private int _target;

    public TcpProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Origin => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Connect(Uri server)
    {
        // A wire plugged into itself would go round until the machine is full.
        ArgumentOutOfRangeException.ThrowIfEqual(server.Port, new Uri(Origin).Port, nameof(server));
        Volatile.Write(ref _target, server.Port);
    }

    /// <summary>Resets every connection, and each new one, until it is connected again.</summary>
    public void Unplug()
    {
        // Nothing listens on port 0.
        Volatile.Write(ref _target, 0);
        Cut();
    }

    /// <summary>Resets every connection; new ones work.</summary>
    public void Cut()
    {
        foreach (var socket in _open.Keys)
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Closed by its other end a moment ago.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_ends.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy is closed.
        }
    }

    private async Task ServeAsync(Socket browser)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _open[browser] = true;
        _open[server] = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, Volatile.Read(ref _target), _ends.Token);
            await Task.WhenAny(CopyAsync(browser, server), CopyAsync(server, browser));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or closed by one side.
        }
        finally
        {
            _open.TryRemove(browser, out _);
            _open.TryRemove(server, out _);
            browser.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _ends.Token)) > 0)
            {
                await to.SendAsync(buffer.AsMemory(0, read), _ends.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other direction ends with it.
        }
    }
}
