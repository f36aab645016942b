using Countersign.Client.Http;

namespace Countersign.Client;

/// <summary>Verifies people by their phone, on any server of the v3 contract.</summary>
/// <remarks>
/// Immutable and safe for any number of threads: make one for each project and keep it, because it holds the access token. The token is
/// fetched with the first call, shared by all and renewed a minute before it ends.
/// </remarks>
public sealed class CountersignClient : ICountersignClient, IDisposable
{
    private readonly CallRunner _calls;
    private readonly ResultWait<VerifyStatusResponse> _resultWait;
    private readonly HttpClient? _ownHttpClient;

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
        _calls = new CallRunner(new AuthorizedCalls(exchange, retries, new AccessTokens(endpoint.FetchAsync, settings.Time)));
        _resultWait = new ResultWait<VerifyStatusResponse>(
            GetStatusAsync,
            status => status.Outcome.IsFinal,
            status => status with { Outcome = VerificationOutcome.Expired },
            settings.Time,
            jitter);
        PreFill = new PreFillOperations(_calls);
        Unify = new UnifyOperations(_calls, settings.Time, jitter);
        OneCall = new OneCallOperations(_calls);
        Identities = new IdentityOperations(_calls);
        Domains = new DomainOperations(_calls);
        Flows = new FlowOperations(_calls);
    }

    /// <inheritdoc/>
    public IPreFillOperations PreFill { get; }

    /// <inheritdoc/>
    public IUnifyOperations Unify { get; }

    /// <inheritdoc/>
    public IOneCallOperations OneCall { get; }

    /// <inheritdoc/>
    public IIdentityOperations Identities { get; }

    /// <inheritdoc/>
    public IDomainOperations Domains { get; }

    /// <inheritdoc/>
    public IFlowOperations Flows { get; }

    /// <inheritdoc/>
    public Task<VerifyResponse> VerifyAsync(
        VerifyRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = Call.Keyed(Operation.Verify, request, options);
        return _calls.RunAsync<VerifyResponse>(call, response => response.Outcome.Value, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<VerifyStatusResponse> GetStatusAsync(string correlationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(correlationId);
        var call = Call.AboutFlow(Operation.VerifyStatus, correlationId);

        return _calls.RunAsync<VerifyStatusResponse, VerifyStatusResponse>(
            call, answer => answer with { CorrelationId = correlationId }, response => response.Outcome.Value, cancellationToken);
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
        _calls.Close();
        _ownHttpClient?.Dispose();
    }

    void ICountersignClient.OnlyTheSdkImplementsThis()
    {
    }
}
