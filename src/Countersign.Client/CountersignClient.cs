using System.Net;
using System.Text.Json;
using Countersign.Client.Http;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>Verifies people by their phone, on any server of the v3 contract.</summary>
/// <remarks>
/// Immutable and safe for any number of threads: make one for each project and keep it, because it holds the access token. The token is
/// fetched with the first call, shared by all and renewed a minute before it ends.
/// </remarks>
public sealed class CountersignClient : ICountersignClient, IDisposable
{
    private readonly AuthorizedCalls _calls;
    private readonly ResultWait _resultWait;
    private readonly HttpClient? _ownHttpClient;
    private volatile bool _isDisposed;

    /// <summary>A client with everything from environment variables and a transport of its own.</summary>
    /// <exception cref="ArgumentException">A variable is missing or wrong; the message names each.</exception>
    public CountersignClient()
        : this(new CountersignClientOptions())
    {
    }

    /// <summary>A client with a transport of its own, which follows no redirects and keeps no cookies.</summary>
    /// <param name="options">Copied: later changes have no effect. What it lacks is read from environment variables.</param>
    /// <exception cref="ArgumentException">A setting is missing or wrong; the message names each.</exception>
    public CountersignClient(CountersignClientOptions options)
        : this(ClientSettings.Read(options), OwnHttpClient.Create(), ownsHttpClient: true, Jitter.FromSystem)
    {
    }

    /// <summary>A client on a transport of yours, which is not disposed of. Its base address is not used.</summary>
    /// <param name="httpClient">
    /// Should follow no redirects; its own time-out ends a try as <see cref="CountersignClientOptions.RequestTimeout"/> does.
    /// </param>
    /// <param name="options">Copied: later changes have no effect. What it lacks is read from environment variables.</param>
    /// <exception cref="ArgumentException">A setting is missing or wrong; the message names each.</exception>
    public CountersignClient(HttpClient httpClient, CountersignClientOptions options)
        : this(ClientSettings.Read(options), httpClient, ownsHttpClient: false, Jitter.FromSystem)
    {
    }

    /// <summary>A client that asks for a transport before each request, as <c>IHttpClientFactory</c> wants it.</summary>
    /// <param name="createHttpClient">Called from any thread; what it returns is not disposed of.</param>
    /// <param name="options">Copied: later changes have no effect. What it lacks is read from environment variables.</param>
    /// <exception cref="ArgumentException">A setting is missing or wrong; the message names each.</exception>
    public CountersignClient(Func<HttpClient> createHttpClient, CountersignClientOptions options)
        : this(ClientSettings.Read(options), createHttpClient, Jitter.FromSystem) =>
        ArgumentNullException.ThrowIfNull(createHttpClient);

    internal CountersignClient(ClientSettings settings, HttpClient httpClient, bool ownsHttpClient, Jitter jitter)
        : this(settings, () => httpClient, jitter)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        _ownHttpClient = ownsHttpClient ? httpClient : null;
    }

    private CountersignClient(ClientSettings settings, Func<HttpClient> createHttpClient, Jitter jitter)
    {
        var exchange = new Exchange(createHttpClient, settings);
        var retries = new RetryPolicy(settings.MaxTries, settings.Time, jitter);
        var endpoint = new TokenEndpoint(exchange, retries, settings);
        _calls = new AuthorizedCalls(exchange, retries, new AccessTokens(endpoint.FetchAsync, settings.Time));
        _resultWait = new ResultWait(VerifyStatusAsync, settings.Time, jitter);
    }

    /// <inheritdoc/>
    public async Task<VerifyResponse> VerifyAsync(
        VerifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var key = IdempotencyKey.For(options ?? new RequestOptions());
        var call = new Call
        {
            Operation = Operation.Verify,
            Body = JsonSerializer.SerializeToUtf8Bytes(VerifyRequestBody.From(request), WireJson.Instance.VerifyRequestBody),
            // Without a key a second try could be a second flow, and with FlowType.None a second question about a person.
            IsRepeatable = key is not null,
            IdempotencyKey = key,
        };

        return await RunAsync(call, SendAsync, response => response.Outcome).ConfigureAwait(false);

        async Task<VerifyResponse> SendAsync() =>
            (await _calls.SendAsync(call, WireJson.Instance.VerifyResponseBody, cancellationToken).ConfigureAwait(false)).ToResponse()
            ?? throw Failure.Unreadable(call.Operation, HttpStatusCode.OK, call.CorrelationId);
    }

    /// <inheritdoc/>
    public async Task<VerifyStatusResponse> VerifyStatusAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        var body = new VerifyStatusRequestBody { CorrelationId = correlationId };
        var call = new Call
        {
            Operation = Operation.VerifyStatus,
            Body = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Instance.VerifyStatusRequestBody),
            IsRepeatable = true,
            CorrelationId = correlationId,
        };

        return await RunAsync(call, SendAsync, response => response.Outcome).ConfigureAwait(false);

        async Task<VerifyStatusResponse> SendAsync() =>
            (await _calls.SendAsync(call, WireJson.Instance.VerifyStatusResponseBody, cancellationToken).ConfigureAwait(false))
            .ToResponse(correlationId)
            ?? throw Failure.Unreadable(call.Operation, HttpStatusCode.OK, call.CorrelationId);
    }

    /// <inheritdoc/>
    public Task<VerifyStatusResponse> WaitForResultAsync(
        string correlationId, WaitForResultOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        options ??= new WaitForResultOptions();
        WaitForResultOptions.ThrowIfInvalid(options);
        return _resultWait.RunAsync(correlationId, options, cancellationToken);
    }

    /// <summary>Closes the connections of a client that has a transport of its own; calls throw from then on.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _ownHttpClient?.Dispose();
    }

    private async Task<TResponse> RunAsync<TResponse>(
        Call call, Func<Task<TResponse>> sendAsync, Func<TResponse, VerificationOutcome> outcome)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var activity = Telemetry.Start(call.Operation);
        try
        {
            var response = await sendAsync().ConfigureAwait(false);
            Telemetry.SetOutcome(activity, outcome(response));
            return response;
        }
        catch (CountersignException failure)
        {
            Telemetry.SetFailure(activity, failure);
            throw;
        }
    }
}
