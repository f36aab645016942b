using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary>Calls a server's admin API. What goes wrong becomes a <see cref="CommandFailure"/> that says what to change.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(100);

    private readonly Uri _server;
    private readonly HttpClient _http;

    public AdminClient(Uri server, string key, HttpMessageHandler handler)
    {
        _server = server;
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Asks for sentences in this language from now on; null for the server's own.</summary>
    public void SpeakIn(string? language)
    {
        if (language is not null)
        {
            _http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        }
    }

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, body: null, cancellationToken);

    /// <param name="path">Begins with /admin/; parts of it that come from outside are escaped by the caller.</param>
    /// <param name="body">Null for a request without a body.</param>
    /// <returns>The answer; empty when it has no body.</returns>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, TimeProvider.System);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            return await ExchangeAsync(method, path, content, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailure($"{_server.Authority} did not answer within {_timeout.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>Sends a body of any length; it may take its time.</summary>
    public Task<JsonObject> UploadAsync(HttpMethod method, string path, HttpContent content, CancellationToken cancellationToken) =>
        ExchangeAsync(method, path, content, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> ExchangeAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return text.Length == 0 ? [] : Read(text) ?? throw NotCountersign();
            }
            throw await FailureAsync(response.StatusCode, Read(text)?["message"] as JsonValue, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new CommandFailure(
                $"Cannot reach {_server.Authority}: {exception.Message} Is the server running there? Name another with --server or "
                    + $"{ServerOptions.ServerVariable}.",
                isPassing: true);
        }
    }

    private async Task<CommandFailure> FailureAsync(HttpStatusCode status, JsonValue? message, CancellationToken cancellationToken)
    {
        if (message is null || !message.TryGetValue<string>(out var words))
        {
            return NotCountersign();
        }
        return status switch
        {
            HttpStatusCode.Unauthorized => new CommandFailure(
                $"{_server.Authority} does not know this admin key. It must be one of the server's Countersign:Admin:Keys, "
                    + "or one that countersign admin-key create made and that has not ended."),
            HttpStatusCode.NotFound when !await HasAdminAsync(cancellationToken) => new CommandFailure(
                $"The server has no admin API at {_server.Authority}: it is at Countersign:Admin:Urls "
                    + $"({ServerOptions.DefaultServer} unless that is set), once the configuration has a Countersign:Admin:Keys:<name>."),
            _ => new CommandFailure(
                $"Refused: {words}.", isPassing: status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
            {
                IsNotPermitted = status is HttpStatusCode.Forbidden,
            },
        };
    }

    // An unknown project is not found either.
    private async Task<bool> HasAdminAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri("/admin/server", UriKind.Relative), cancellationToken);
        return response.StatusCode != HttpStatusCode.NotFound;
    }

    private CommandFailure NotCountersign() => new(
        $"What answers at {_server.Authority} is not a Countersign server. Look at --server or {ServerOptions.ServerVariable}.");

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
