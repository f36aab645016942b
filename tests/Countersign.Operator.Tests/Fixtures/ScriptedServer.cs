using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Operator.Tests.Fixtures;

/// <summary>
/// A server that answers the head of each connection's request with given bytes, whatever it is, and then does what it is told.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private readonly string _answer;
    private readonly bool _closes;

    public ScriptedServer(string answer, bool closes)
    {
        (_answer, _closes) = (answer, closes);
        _listener.Start();
        Origin = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = ServeAsync();
    }

    public string Origin { get; }

    /// <summary>How many connections have been answered, and closed if the server closes.</summary>
    public int Served { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                open.Add(client);
                var (stream, head, buffer) = (client.GetStream(), "", new byte[4096]);
                while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    head += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
                }
                await stream.WriteAsync(Encoding.ASCII.GetBytes(_answer));
                if (_closes)
                {
                    client.Close();
                }
                Served++;
            }
        }
        catch (Exception stopped) when (stopped is SocketException or InvalidOperationException)
        {
            // Stopped while it waited for a connection, or before it began to.
            foreach (var client in open)
            {
                client.Dispose();
            }
        }
    }
}
