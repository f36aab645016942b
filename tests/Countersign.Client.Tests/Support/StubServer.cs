using System.Net;
using System.Text;

namespace Countersign.Client.Tests.Support;

/// <summary>
/// A server in memory. Each path answers from its list; the last answer repeats. Tokens are numbered token-1, token-2, …
/// </summary>
internal sealed class StubServer : HttpMessageHandler
{
    public const string Verify = "/v3/verify";
    public const string VerifyStatus = "/v3/verify-status";
    public const string Token = "/token";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _answers = new(StringComparer.Ordinal);
    private readonly List<ReceivedRequest> _requests = [];
    private int _tokens;

    public StubServer()
    {
        On(Token, () =>
            Json(200, $$"""{"access_token":"token-{{Interlocked.Increment(ref _tokens)}}","token_type":"Bearer","expires_in":3600}"""));
        On(Verify, () => Json(200, Fixture.Read("verify-response.json")));
        On(VerifyStatus, () => Json(200, Fixture.Read("verify-status-true.json")));
    }

    /// <summary>Runs before a request is answered; a test holds requests back here.</summary>
    public Func<ReceivedRequest, CancellationToken, Task> Hold { get; set; } = (_, _) => Task.CompletedTask;

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<ReceivedRequest> To(string path) => [.. Requests.Where(request => request.Path == path)];

    public StubServer On(string path, params Func<HttpResponseMessage>[] answers)
    {
        lock (_gate)
        {
            _answers[path] = new Queue<Func<HttpResponseMessage>>(answers);
        }

        return this;
    }

    public static HttpResponseMessage Json(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Error(int status, int code, string message, string? retryAfter = null)
    {
        var response = Json(status, $$"""{"code":{{code}},"message":"{{message}}"}""");
        if (retryAfter is not null)
        {
            response.Headers.Add("Retry-After", retryAfter);
        }

        return response;
    }

    public static HttpResponseMessage Unreachable() => throw new HttpRequestException("Connection refused (countersign.test:443)");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var received = new ReceivedRequest(
            request.RequestUri!.GetLeftPart(UriPartial.Authority),
            request.RequestUri.AbsolutePath,
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
            request.Content?.Headers.ContentType?.ToString(),
            request.Headers.Authorization?.ToString(),
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null)
        {
            Method = request.Method.Method,
            PathAndQuery = request.RequestUri.PathAndQuery,
        };

        Func<HttpResponseMessage> answer;
        lock (_gate)
        {
            _requests.Add(received);
            var answers = _answers[received.Path];
            answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        }

        await Hold(received, cancellationToken);
        return answer();
    }
}

internal sealed record ReceivedRequest(
    string Origin, string Path, string Body, string? ContentType, string? Authorization, string? IdempotencyKey)
{
    public required string Method { get; init; }

    public required string PathAndQuery { get; init; }
}
