using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>A page with an auth token, as a browser SDK makes its calls.</summary>
public sealed class Page(TestServer server, string authToken)
{
    public const string Version = "ProveAuth/3.6.2 Contract/2.15.1 WEB/1";

    public string AuthToken { get; } = authToken;

    /// <summary>What the token says.</summary>
    public JsonNode Claims => Base64Url.Read(AuthToken.Split('.')[1]);

    /// <summary>What a device key signs in this flow.</summary>
    public string Challenge => (string)Claims["auth"]!["chlg"]!;

    /// <summary>A step that must be answered with 200; on any other status published SDKs give up.</summary>
    /// <param name="path">Below <c>/v1/client/</c>.</param>
    public async Task<JsonNode> Post(string path, string json = "{}")
    {
        var reply = await SendAsync(path, json);
        return reply.Status == 200 ? reply.Json! : throw new InvalidOperationException($"{path}: {reply}");
    }

    /// <summary>A step, whatever its answer.</summary>
    /// <param name="json">Null sends no body.</param>
    public async Task<Reply> SendAsync(
        string path, string? json = "{}", string? origin = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + path);
        request.Content = json is null ? null : TestServer.Json(json);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AuthToken);
        request.Headers.TryAddWithoutValidation("PA-Version", Version);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await Reply.ReadAsync(await server.Client.SendAsync(request));
    }

    /// <summary>Enters a code.</summary>
    public Task<JsonNode> Enter(string code) => Post("mobile/otp/finish", new JsonObject { ["otp"] = code }.ToJsonString());

    /// <summary>Opens the status socket.</summary>
    /// <exception cref="WebSocketException">The handshake was refused.</exception>
    public async Task<Socket> ConnectSocketAsync(string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }
        var address = new UriBuilder(
            server.Origin) { Scheme = "ws", Path = "/v1/client/status", Query = "token=" + Uri.EscapeDataString(AuthToken) };
        try
        {
            using var timeout = new CancellationTokenSource(Socket.Timeout);
            await socket.ConnectAsync(address.Uri, timeout.Token);
            return new Socket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The status socket of a waiting desktop.</summary>
public sealed class Socket(ClientWebSocket socket) : IAsyncDisposable
{
    /// <summary>Long enough for a busy machine; no test waits for it to pass.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public async Task SendAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, timeout.Token);
    }

    /// <summary>The next message, or null when the server closes instead.</summary>
    public async Task<string?> ReceiveAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        var buffer = new byte[4096];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), timeout.Token);
        return received.MessageType == WebSocketMessageType.Close ? null : Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    /// <summary>How the server closed, after <see cref="ReceiveAsync"/> said null.</summary>
    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public async Task CloseAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}

internal static class Base64Url
{
    /// <summary>One segment of a token.</summary>
    public static JsonNode Read(string segment) => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(segment))!;

    public static string Write(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
