using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>
/// The relying party's back end, and the way of every call to the nodes: one that is not answered is made again, at the other node, as
/// clients behind a load balancer do.
/// </summary>
internal sealed class BackEnd(IReadOnlyList<Node> nodes, Faults faults, string clientId, string clientSecret) : IDisposable
{
    private const int MaxTries = 240;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient _http = NewHttp();
    private readonly SemaphoreSlim _asking = new(1);
    private string? _token;
    private int _turn;

    public static HttpClient NewHttp(SocketsHttpHandler? handler = null) => new(
        handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        // Longer than a node waits for its store or a provider.
        Timeout = TimeSpan.FromSeconds(20),
    };

    public Task<Reply> PostAsync(string path, JsonObject body, string? idempotencyKey = null) => CallAsync(
        HttpMethod.Post, path, body,
        request => request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey is null ? [] : [idempotencyKey]));

    public Task<Reply> GetAsync(string path) => CallAsync(HttpMethod.Get, path, null, _ => { });

    /// <summary>Makes a call until it is answered, by whichever node.</summary>
    /// <param name="sent">Told of each try before it is made.</param>
    public async Task<Reply> InsistAsync(Func<Uri, HttpRequestMessage> ask, HttpClient? http = null, Action? sent = null)
    {
        var reply = Reply.None;
        for (var i = 0; i < MaxTries; i++)
        {
            sent?.Invoke();
            reply = await TryAsync(ask, http ?? _http);
            if (reply.IsAnswer)
            {
                return reply;
            }
            faults.Count(reply.Status == 0 ? "call is not answered" : $"call is answered {reply.Status}");
            await Task.Delay(_pause);
        }
        throw new InvalidOperationException($"No node answers: {reply}");
    }

    public void Dispose()
    {
        _http.Dispose();
        _asking.Dispose();
    }

    private async Task<Reply> TryAsync(Func<Uri, HttpRequestMessage> ask, HttpClient http)
    {
        var node = nodes[(int)((uint)Interlocked.Increment(ref _turn) % nodes.Count)];
        using var request = ask(node.Address);
        try
        {
            using var response = await http.SendAsync(request);
            return await Reply.ReadAsync(response);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return Reply.None;
        }
    }

    private async Task<Reply> CallAsync(HttpMethod method, string path, JsonObject? body, Action<HttpRequestMessage> complete)
    {
        var token = _token ?? await AskForTokenAsync(null);
        var reply = await CallAsync();
        if (reply.Status == 401)
        {
            token = await AskForTokenAsync(token);
            reply = await CallAsync();
        }
        return reply;

        Task<Reply> CallAsync() => InsistAsync(node =>
        {
            var request = new HttpRequestMessage(method, new Uri(node, path)) { Content = ContentOf(body) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            complete(request);
            return request;
        });
    }

    public static StringContent? ContentOf(JsonObject? body) =>
        body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    private async Task<string> AskForTokenAsync(string? former)
    {
        await _asking.WaitAsync();
        try
        {
            if (_token is null || _token == former)
            {
                var reply = await InsistAsync(node => new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/token"))
                {
                    Content = new FormUrlEncodedContent(
                        [new("grant_type", "client_credentials"), new("client_id", clientId), new("client_secret", clientSecret)]),
                });
                _token = reply.Text("access_token") ?? throw new InvalidOperationException($"/token: {reply}");
            }
            return _token;
        }
        finally
        {
            _asking.Release();
        }
    }
}
