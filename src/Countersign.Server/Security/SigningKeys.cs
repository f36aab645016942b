using System.Globalization;
using System.Security.Cryptography;
using Countersign.Core.Keys;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Security;

/// <summary>
/// The ES256 keys that sign tokens: a new one every 90 days, each still good for a day after the last token it signed could live.
/// </summary>
internal sealed class SigningKeys(ISigningKeyStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan _signingPeriod = TimeSpan.FromDays(90);
    private static readonly TimeSpan _overlap = TimeSpan.FromDays(1);

    // Strangers may send tokens with key ids of their own making; they must not make this server read its store for each.
    private static readonly TimeSpan _refreshAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private IReadOnlyList<ECDsaSecurityKey> _keys = [];
    private long _loadedPeriod = -1;
    private long _loadedAt;

    /// <summary>All public keys that may have signed a token that still lives, newest first.</summary>
    public IReadOnlyList<ECDsaSecurityKey> All => Volatile.Read(ref _keys);

    public async ValueTask<SigningCredentials> CurrentAsync(CancellationToken cancellationToken)
    {
        if (!HasCurrent)
        {
            await LoadUnlessAsync(() => HasCurrent, cancellationToken);
        }
        return new SigningCredentials(All[0], SecurityAlgorithms.EcdsaSha256) { CryptoProviderFactory = Signatures };
    }

    /// <summary>Looks for a key that another node may have made since; at most once in five seconds.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) =>
        WasJustLoaded ? Task.CompletedTask : LoadUnlessAsync(() => WasJustLoaded, cancellationToken);

    /// <summary>Reads the keys, and makes this period's if nobody has.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => LoadUnlessAsync(() => false, cancellationToken);

    public void Dispose() => _loading.Dispose();

    private long Period => time.GetUtcNow().UtcTicks / _signingPeriod.Ticks;

    private bool HasCurrent => Volatile.Read(ref _loadedPeriod) == Period;

    private bool WasJustLoaded => time.GetElapsedTime(Volatile.Read(ref _loadedAt)) < _refreshAfter;

    private static CryptoProviderFactory Signatures { get; } = new() { CacheSignatureProviders = true };

    /// <param name="isNeedless">Asked again by each who waited: of many who come together one loads for all.</param>
    private async Task LoadUnlessAsync(Func<bool> isNeedless, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (isNeedless())
            {
                return;
            }
            var period = Period;
            var now = time.GetUtcNow();
            // The period is the key's id, so nodes that reach it together agree on one key.
            var current = "k" + period.ToString(CultureInfo.InvariantCulture);
            var stored = await store.ListAsync(cancellationToken);
            if (!stored.Any(key => key.Id == current))
            {
                using var candidate = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                await store.GetOrAddAsync(current, candidate.ExportPkcs8PrivateKey(), now, cancellationToken);
                stored = await store.ListAsync(cancellationToken);
            }

            var kept = new List<ECDsaSecurityKey>();
            foreach (var key in stored)
            {
                if (now > key.CreatedAt + _signingPeriod + _signingPeriod + _overlap)
                {
                    await store.RemoveAsync(key.Id, cancellationToken);
                    continue;
                }
                var loaded = ECDsa.Create();
                loaded.ImportPkcs8PrivateKey(key.PrivateKey, out _);
                kept.Add(new ECDsaSecurityKey(loaded) { KeyId = key.Id });
            }
            Volatile.Write(ref _keys, kept);
            Volatile.Write(ref _loadedPeriod, period);
            Volatile.Write(ref _loadedAt, time.GetTimestamp());
        }
        finally
        {
            _loading.Release();
        }
    }
}
