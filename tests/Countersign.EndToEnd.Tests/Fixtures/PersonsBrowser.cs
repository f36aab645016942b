using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A browser in which a flow runs, as far as calls go: it sends from an address of its own.</summary>
internal sealed class PersonsBrowser(
    ConfiguredServer server, BackEnd backEnd, string began, string correlationId, string authToken, string from) : IDisposable
{
    private static readonly Dictionary<string, string> _results = new(StringComparer.Ordinal)
    {
        ["/v3/verify"] = "/v3/verify-status", ["/v3/start"] = "/v3/validate", ["/v3/unify"] = "/v3/unify-status",
    };

    private readonly HttpClient _http = From(from);

    public string Id => correlationId;

    public string AuthToken => authToken;

    /// <summary>What the proxy that it calls from says of where its calls come from; null for no proxy.</summary>
    public string? ForwardedFor { get; set; }

    /// <summary>Claims of the auth token that the browser is to read.</summary>
    public string Challenge => (string)System.Text.Json.Nodes.JsonNode.Parse(
        System.Buffers.Text.Base64Url.DecodeFromChars(authToken.Split('.')[1]))!["auth"]!["chlg"]!;

    public static HttpClient From(string address) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <param name="agent">What the browser says that it is.</param>
    public async Task<Reply> PostAsync(string step, object? body = null, string? agent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/v1/client/" + step))
        {
            Content = JsonContent.Create(body ?? new { }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", authToken);
        request.Headers.TryAddWithoutValidation("User-Agent", agent ?? "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", ForwardedFor is null ? [] : [ForwardedFor]);
        return await Reply.ReadAsync(await _http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>Lets a code be sent, to another number where one is given; there is no operator.</summary>
    public async Task<Reply> AskForCodeAsync(string? mobileNumber = null)
    {
        await PostAsync("mobile/instant/start");
        return await PostAsync("mobile/otp/start", mobileNumber is null ? null : new { mobileNumber });
    }

    public Task<Reply> EnterAsync(string otp) => PostAsync("mobile/otp/finish", new { otp });

    /// <summary>A code that is not the one.</summary>
    public static string WrongFor(string code) => code == "000000" ? "000001" : "000000";

    /// <summary>What the relying party is told.</summary>
    public Task<Reply> ResultAsync() => backEnd.PostAsync(_results[began], new { correlationId });

    /// <summary>Opens the status socket.</summary>
    public async Task<ClientWebSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        var address = new UriBuilder(server.Address)
        {
            Scheme = "ws", Path = "/v1/client/status", Query = "token=" + Uri.EscapeDataString(authToken),
        };
        await socket.ConnectAsync(address.Uri, TestContext.Current.CancellationToken);
        return socket;
    }

    public void Dispose() => _http.Dispose();
}
