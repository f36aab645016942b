using System.Collections.Concurrent;
using Countersign.Operator.State;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>The public keys of a client, fetched where it publishes them itself.</summary>
internal sealed class ClientKeys(TimeProvider time, ILogger<ClientKeys> logger) : IDisposable
{
    // A client that changes its key waits no longer than this; it is fetched at once for a key of an unknown name.
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(3),
        MaxResponseContentBufferSize = 64 * 1024,
    };
    private readonly ConcurrentDictionary<Uri, (IReadOnlyList<SecurityKey> Keys, DateTimeOffset At)> _fetched = new();

    /// <summary>Every key that may have signed; empty when they cannot be had.</summary>
    public async Task<IReadOnlyList<SecurityKey>> OfAsync(Client client, string? kid, CancellationToken cancellationToken)
    {
        if (client.Key is ClientKey.Held held)
        {
            return [held.Key];
        }
        var uri = ((ClientKey.Published)client.Key).JwksUri;
        var now = time.GetUtcNow();
        if (_fetched.TryGetValue(uri, out var entry) && now - entry.At < _kept && (kid is null || entry.Keys.Any(key => key.KeyId == kid)))
        {
            return entry.Keys;
        }
        try
        {
            IReadOnlyList<SecurityKey> keys =
                [.. new JsonWebKeySet(await _http.GetStringAsync(uri, cancellationToken)).Keys.Where(key => !key.HasPrivateKey)];
            _fetched[uri] = (keys, now);
            return keys;
        }
        catch (Exception problem) when (problem is HttpRequestException or ArgumentException
            || (problem is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.KeysNotRead(logger, client.Id, problem);
            return [];
        }
    }

    public void Dispose() => _http.Dispose();
}
