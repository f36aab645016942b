using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
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

    /// <summary>Writes a file that is answered to a stream; it may take its time.</summary>
    /// <returns>The moment that it is of.</returns>
    /// <exception cref="CommandFailure">It was refused, or has not arrived whole.</exception>
    public async Task<DateTimeOffset> DownloadAsync(string path, Stream into, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(
                new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                var refusal = Read(await StrictJson.ReadTextAsync(response.Content, cancellationToken));
                throw await FailureAsync(response.StatusCode, refusal?["message"] as JsonValue, cancellationToken);
            }
            if (response.Content.Headers.LastModified is not { } at
                || !response.Headers.TryGetValues("Repr-Digest", out var digests))
            {
                throw NotCountersign();
            }
            return await IsWholeAsync(response.Content, into, digests.First(), cancellationToken) ? at
                : throw new CommandFailure("What has arrived is not what was sent. Nothing was kept; try again.", isPassing: true);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
        catch (HttpIOException exception)
        {
            throw new CommandFailure(
                $"The connection to {_server.Authority} broke: {exception.Message} Nothing was kept; try again.", isPassing: true);
        }
    }

    /// <param name="expected">As RFC 9530 writes it.</param>
    private static async Task<bool> IsWholeAsync(HttpContent content, Stream into, string expected, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var sent = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await sent.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await into.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        return expected == $"sha-256=:{Convert.ToBase64String(hash.GetHashAndReset())}:";
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> ExchangeAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await StrictJson.ReadTextAsync(response.Content, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return text.Length == 0 ? [] : Read(text) ?? throw NotCountersign();
            }
            throw await FailureAsync(response.StatusCode, Read(text)?["message"] as JsonValue, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
    }

    private CommandFailure Unreachable(HttpRequestException exception) => new(
        $"Cannot reach {_server.Authority}: {exception.Message} Is the server running there? Name another with --server or "
            + $"{ServerOptions.ServerVariable}.",
        isPassing: true);

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
                $"Refused: {words}{(words is [.., '.' or '?'] ? "" : ".")}",
                isPassing: status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
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
            return StrictJson.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
