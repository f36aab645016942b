using System.Net;
using System.Net.Sockets;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>A phone's browser, as far as addresses go: it sends from an address of its own and follows redirects.</summary>
public sealed class Handset(string address, TestServer server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new System.Net.Sockets.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>Opens an address and goes where it leads, as far as the operator and the server under test go.</summary>
    /// <param name="onTheWay">Changes where the browser is sent next.</param>
    public async Task<Reply> OpenAsync(string url, Func<string, string>? onTheWay = null, (string Name, string Value)? header = null)
    {
        for (var hop = 0; hop < 5; hop++)
        {
            // In Live the server goes by the name it has in public.
            using var request = new HttpRequestMessage(
                HttpMethod.Get, url.Replace("https://id.example.com", server.Origin, StringComparison.Ordinal));
            if (header is var (name, value))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
            var reply = await Reply.ReadAsync(await _http.SendAsync(request));
            if (reply.Header("Location") is not { } next || next.Contains('#', StringComparison.Ordinal))
            {
                return reply;
            }
            url = onTheWay is null ? next : onTheWay(next);
        }
        throw new InvalidOperationException("The redirects have no end.");
    }

    public void Dispose() => _http.Dispose();
}
