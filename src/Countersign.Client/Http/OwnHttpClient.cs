namespace Countersign.Client.Http;

/// <summary>The transport of a client that was not given one.</summary>
internal static class OwnHttpClient
{
    // A thousand people with addresses come back from one batch; anything far beyond that is not the contract's.
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    public static HttpClient Create() => new(CreateHandler())
    {
        // Each try has its own time-out, on the client's clock.
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    // No redirects: the client's secret and a person's name go to the server that was configured and nowhere else.
#if NETSTANDARD
    private static HttpClientHandler CreateHandler() =>
        new() { AllowAutoRedirect = false, UseCookies = false };
#else
    private static SocketsHttpHandler CreateHandler() =>
        new() { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
#endif
}
