using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Providers.Http;

/// <summary>
/// The HTTP of one provider. It sends a request once, follows no redirect (an answer from elsewhere is not the provider's, and what is
/// sent holds a code, a token or a number), keeps no cookie, and reads no more of an answer than was agreed. How long a call may take is
/// its caller's.
/// </summary>
internal sealed class ProviderClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly int _maxBytes;
    private readonly TimeProvider _time;

    /// <param name="handler">What carries requests, for tests; null for the network.</param>
    public ProviderClient(ProviderConnection connection, TimeProvider time, HttpMessageHandler? handler = null)
    {
        // Each call has a limit of its own, by the clock that tests move.
        _http = new HttpClient(handler ?? NewHandler(connection)) { Timeout = Timeout.InfiniteTimeSpan };
        (_maxBytes, _time) = (connection.MaxBytes, time);
    }

    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="IOException">The answer broke off.</exception>
    /// <exception cref="OperationCanceledException">The caller has no more time, or connecting took too long.</exception>
    public async Task<ProviderAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var body = await ReadAsync(response.Content, cancellationToken);
        return new ProviderAnswer((int)response.StatusCode, body ?? [], RetryAfterOf(response)) { IsTooLong = body is null };
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler NewHandler(ProviderConnection connection)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = connection.UsesProxy,
            ConnectTimeout = connection.ConnectTimeout,
            PooledConnectionLifetime = connection.MaxAge,
            PooledConnectionIdleTimeout = connection.MaxIdle,
        };
        if (connection.Addresses is { } addresses)
        {
            handler.ConnectCallback = addresses.ConnectAsync;
        }
        if (connection.Certificate is { } certificate)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [certificate] };
        }
        return handler;
    }

    /// <summary>The whole of it; null when there is too much, of which no more is read.</summary>
    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var some = new byte[4096];
        while (await stream.ReadAsync(some, cancellationToken) is > 0 and var count)
        {
            if (body.Length + count > _maxBytes)
            {
                return null;
            }
            body.Write(some, 0, count);
        }
        return body.ToArray();
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };
}

/// <summary>How one provider is reached.</summary>
internal sealed class ProviderConnection
{
    /// <summary>To connect, and to agree on TLS with it.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Of an answer; what is longer is no answer of this provider.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>After this a connection is made anew, since the provider may have moved.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(2);

    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A proxy that the environment names stands between: it reads what goes over plain http, and looks names up by itself.
    /// </summary>
    public bool UsesProxy { get; init; }

    /// <summary>Which addresses may be connected to; null for all.</summary>
    public PublicAddresses? Addresses { get; init; }

    /// <summary>Shown to a provider that asks for one.</summary>
    public X509Certificate2? Certificate { get; init; }
}
