using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Operator.Radio;

/// <summary>One connection of a browser to its radio: requests one after another, each to the server it names, or a tunnel.</summary>
internal sealed class RadioConnection(NetworkStream client, IPAddress egress)
{
    private readonly HttpStream _client = new(client);

    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        // The server of the last request is kept for the next, as browsers do.
        Upstream? upstream = null;
        try
        {
            while (await _client.ReadHeadAsync(cancellationToken) is { } request)
            {
                if (request.FirstLine.Split(' ') is not [var method, var target, var version]
                    || !version.StartsWith("HTTP/1.", StringComparison.Ordinal))
                {
                    await RefuseAsync(400, "This is no HTTP/1.1 request.", cancellationToken);
                    return;
                }
                if (method == "CONNECT")
                {
                    await TunnelAsync(target, cancellationToken);
                    return;
                }
                if (!Uri.TryCreate(target, UriKind.Absolute, out var uri) || uri.Scheme != "http")
                {
                    await RefuseAsync(400, "A proxy is asked with a whole http address, or with CONNECT.", cancellationToken);
                    return;
                }
                if (upstream?.Authority != uri.Authority || !upstream.IsAlive)
                {
                    upstream?.Dispose();
                    upstream = await ConnectAsync(uri.Host, uri.Port, uri.Authority, cancellationToken);
                    if (upstream is null)
                    {
                        await RefuseAsync(
                            502, "Nothing of this machine answers at this address; a radio proxy goes nowhere else.", cancellationToken);
                        return;
                    }
                }
                if (!await ExchangeAsync(upstream, request, $"{method} {uri.PathAndQuery} {version}", method == "HEAD", cancellationToken))
                {
                    return;
                }
            }
        }
        finally
        {
            upstream?.Dispose();
        }
    }

    /// <summary>One request and its answer. False: the connection ends with it.</summary>
    private async Task<bool> ExchangeAsync(
        Upstream upstream, MessageHead request, string firstLine, bool isHead, CancellationToken cancellationToken)
    {
        if (request.ContentLength is < 0 || (request.IsChunked && request.ContentLength is not null))
        {
            await RefuseAsync(400, "The length of the body is not clear.", cancellationToken);
            return false;
        }
        var server = upstream.Stream;
        await server.WriteAsync(request.Write(firstLine), cancellationToken);

        // The body goes on while the answer may already come: a server may say 100, or refuse before the end.
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendBodyAsync(request, server, answered.Token);
        MessageHead answer;
        int status;
        do
        {
            answer = await server.ReadHeadAsync(cancellationToken) ?? throw new IOException("The server closed without an answer.");
            status = StatusOf(answer);
            await _client.WriteAsync(answer.Write(answer.FirstLine), cancellationToken);
        }
        while (status is >= 100 and < 200 and not 101);

        if (status == 101)
        {
            await sending;
            await PumpAsync(server, cancellationToken);
            return false;
        }
        if (isHead || status is 204 or 304)
        {
            // Neither has a body, whatever its headers say.
        }
        else if (answer.IsChunked)
        {
            await server.CopyChunkedAsync(_client, cancellationToken);
        }
        else if (answer.ContentLength is { } length)
        {
            await server.CopyExactlyAsync(_client, length, cancellationToken);
        }
        else
        {
            await server.CopyAllAsync(_client, cancellationToken);
            return false;
        }
        if (!sending.IsCompletedSuccessfully)
        {
            // Refused before the whole body was sent: what is left of it cannot be told from a next request.
            await answered.CancelAsync();
            await Task.WhenAny(sending);
            return false;
        }
        return !answer.Has("Connection", "close") && !request.Has("Connection", "close")
            && firstLine.EndsWith("1.1", StringComparison.Ordinal);
    }

    private static int StatusOf(MessageHead answer) =>
        answer.FirstLine.Split(' ') is [_, var code, ..]
            && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new IOException("The answer has no status.");

    private async Task SendBodyAsync(MessageHead request, HttpStream server, CancellationToken cancellationToken)
    {
        if (request.IsChunked)
        {
            await _client.CopyChunkedAsync(server, cancellationToken);
        }
        else if (request.ContentLength is { } length)
        {
            await _client.CopyExactlyAsync(server, length, cancellationToken);
        }
    }

    private async Task TunnelAsync(string authority, CancellationToken cancellationToken)
    {
        var upstream = Uri.TryCreate("tcp://" + authority, UriKind.Absolute, out var uri) && uri.Port > 0
            ? await ConnectAsync(uri.Host, uri.Port, authority, cancellationToken)
            : null;
        if (upstream is null)
        {
            await RefuseAsync(502, "Nothing of this machine answers at this address; a radio proxy goes nowhere else.", cancellationToken);
            return;
        }
        using (upstream)
        {
            await _client.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), cancellationToken);
            await PumpAsync(upstream.Stream, cancellationToken);
        }
    }

    /// <summary>Both directions until one side ends.</summary>
    private async Task PumpAsync(HttpStream server, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] copies = [_client.CopyAllAsync(server, ended.Token), server.CopyAllAsync(_client, ended.Token)];
        await Task.WhenAny(copies);
        await ended.CancelAsync();
        await Task.WhenAll(copies);
    }

    /// <summary>Null when the address is not of this machine, or nothing listens there.</summary>
    private async Task<Upstream?> ConnectAsync(string host, int port, string authority, CancellationToken cancellationToken)
    {
        var address = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var parsed) ? parsed : null;
        if (address is null || address.AddressFamily != AddressFamily.InterNetwork || !IPAddress.IsLoopback(address))
        {
            return null;
        }
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // This is the radio: the server sees the SIM's address.
            socket.Bind(new IPEndPoint(egress, 0));
            await socket.ConnectAsync(address, port, cancellationToken);
            return new Upstream(socket, authority);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private Task RefuseAsync(int status, string sentence, CancellationToken cancellationToken) => _client.WriteAsync(
        Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status} Refused\r\nContent-Type: text/plain\r\nContent-Length: {sentence.Length + 1}\r\n"
                + $"Connection: close\r\n\r\n{sentence}\n"),
        cancellationToken);

    private sealed class Upstream(Socket socket, string authority) : IDisposable
    {
        private readonly NetworkStream _network = new(socket, ownsSocket: true);
        private HttpStream? _stream;

        public string Authority => authority;
        public HttpStream Stream => _stream ??= new HttpStream(_network);

        // A server that closed an idle connection shows it as readable with nothing to read.
        public bool IsAlive => !(socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0);

        public void Dispose() => _network.Dispose();
    }
}
