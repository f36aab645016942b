using System.Net;
using System.Text.Json;

namespace Countersign.Providers.Camara;

/// <summary>One operator's HTTP: each call within its limit and through the breaker, and every failure as an <see cref="OperatorFailure"/>.</summary>
internal sealed class OperatorCalls(string name, HttpClient http, OperatorBreaker breaker, TimeProvider time, ILogger logger)
{
    /// <summary>More is no answer of OpenID Connect or CAMARA.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>A client that follows no redirect: an answer from elsewhere is not the operator's, and ours holds a code or a token.</summary>
    public static HttpClient NewClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        MaxResponseContentBufferSize = MostBytes,
        // Each call has its own, by the clock that tests move.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether the operator is being left alone.</summary>
    public bool IsOpen => breaker.IsOpen;

    /// <summary>Sends a request and reads its whole answer. A 5xx is a failure; every other status is the caller's to judge.</summary>
    /// <param name="call">For the log: discovery, keys, token, verify.</param>
    /// <exception cref="OperatorFailure">There is no answer, or none that counts.</exception>
    public async Task<OperatorAnswer> SendAsync(string call, Func<HttpRequestMessage> request, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await breaker.CallAsync(token => SendOnceAsync(request, limit, token), cancellationToken);
        }
        catch (OperatorFailure failure)
        {
            Log.CallFailed(logger, name, call, failure.Reason);
            throw;
        }
    }

    private async Task<OperatorAnswer> SendOnceAsync(Func<HttpRequestMessage> request, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var message = request();
            using var response = await http.SendAsync(message, both.Token);
            var body = await response.Content.ReadAsByteArrayAsync(both.Token);
            return (int)response.StatusCode >= 500
                ? throw new OperatorFailure(Reasons.Failed) { IsOutage = true }
                : new OperatorAnswer(response.StatusCode, body);
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
        {
            throw new OperatorFailure(Reasons.TookTooLong, exception) { IsOutage = true };
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The handler's own limit for connecting.
            throw new OperatorFailure(Reasons.Unreachable, exception) { IsOutage = true, NothingSent = true };
        }
        catch (HttpRequestException exception)
        {
            var nothingSent = exception.HttpRequestError
                is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;
            var reason = exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded ? Reasons.Unreadable : Reasons.Unreachable;
            throw new OperatorFailure(reason, exception) { IsOutage = true, NothingSent = nothingSent };
        }
        catch (IOException exception)
        {
            throw new OperatorFailure(Reasons.Unreachable, exception) { IsOutage = true };
        }
    }
}

/// <summary>What an operator answered, whole. Prints its status alone.</summary>
internal sealed record OperatorAnswer(HttpStatusCode Status, byte[] Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>A text member of a JSON object; null when there is none, no such object, or no text that can be read.</summary>
    public string? TextOrNull(string member)
    {
        try
        {
            return MemberOrNull(member) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: good JSON, and no text.
            return null;
        }
    }

    /// <summary>A truth value; null when there is none, or no JSON object.</summary>
    public bool? FlagOrNull(string member) =>
        MemberOrNull(member) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    /// <summary>A whole number; null when there is none, or no JSON object.</summary>
    public int? NumberOrNull(string member) =>
        MemberOrNull(member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public override string ToString() => Status.ToString();

    private JsonElement? MemberOrNull(string member)
    {
        try
        {
            return Parse() is { } json && json.TryGetProperty(member, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in the name of some member.
            return null;
        }
    }

    private JsonElement? Parse()
    {
        try
        {
            var reader = new Utf8JsonReader(Body);
            return JsonElement.TryParseValue(ref reader, out var json) && json.Value.ValueKind == JsonValueKind.Object ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
