using System.Globalization;
using System.Security.Cryptography;
using Countersign.Core.Keys;
using Countersign.Core.Receipts;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Security;

/// <summary>
/// The ES256 keys that sign tokens: a new one for each period, published for a while before it signs, so that whoever keeps the published
/// keys has it by then, and kept until the last token that it signed is over. The public half of one that has signed receipts stays
/// published for years.
/// </summary>
internal sealed class SigningKeys(ISigningKeyStore store, IReceiptStore receipts, KeyOptions options, TimeProvider time) : IDisposable
{
    /// <summary>How long receipts can be checked at least: so long the keys that signed them stay published after their period.</summary>
    public static readonly TimeSpan CheckableFor = TimeSpan.FromDays(3653);

    // No token lives as long.
    private static readonly TimeSpan _overlap = TimeSpan.FromDays(1);

    // Strangers may send tokens with key ids of their own making; they must not make this server read its store for each.
    private static readonly TimeSpan _refreshAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _loading = new(1, 1);
    private IReadOnlyList<ECDsaSecurityKey> _keys = [];
    private IReadOnlyList<ECDsaSecurityKey> _published = [];
    private ECDsaSecurityKey? _current;
    private Tuple<long, long>? _loaded;
    private long _loadedAt;

    /// <summary>All public keys that may have signed a token that still lives, and the next, newest first.</summary>
    public IReadOnlyList<ECDsaSecurityKey> All => Volatile.Read(ref _keys);

    /// <summary>What is published: these, and after them those that have signed receipts and sign nothing any more.</summary>
    public IReadOnlyList<ECDsaSecurityKey> Published => Volatile.Read(ref _published);

    /// <summary>The key that signs now.</summary>
    public async ValueTask<SigningCredentials> CurrentAsync(CancellationToken cancellationToken)
    {
        await PublishAsync(cancellationToken);
        return new SigningCredentials(Volatile.Read(ref _current), SecurityAlgorithms.EcdsaSha256) { CryptoProviderFactory = Signatures };
    }

    /// <summary>The key that signs now, as it is kept with a receipt that it signs.</summary>
    public async ValueTask<(SigningCredentials Credentials, ReceiptKey Kept)> CurrentForReceiptAsync(CancellationToken cancellationToken)
    {
        var credentials = await CurrentAsync(cancellationToken);
        var key = (ECDsaSecurityKey)credentials.Key;
        return (credentials, new ReceiptKey(key.KeyId, key.ECDsa.ExportSubjectPublicKeyInfo(), EndOf(key.KeyId) + CheckableFor));
    }

    /// <summary>Sees to it that <see cref="All"/> has what it has to have by now.</summary>
    public async ValueTask PublishAsync(CancellationToken cancellationToken)
    {
        if (!IsUpToDate)
        {
            await LoadUnlessAsync(() => IsUpToDate, cancellationToken);
        }
    }

    /// <summary>Looks for a key that another node may have made since; at most once in five seconds.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) =>
        WasJustLoaded ? Task.CompletedTask : LoadUnlessAsync(() => WasJustLoaded, cancellationToken);

    /// <summary>Reads the keys, and makes this period's, and soon the next one's, if nobody has.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => LoadUnlessAsync(() => false, cancellationToken);

    public void Dispose() => _loading.Dispose();

    /// <summary>The one that signs, and the last one that is published.</summary>
    private (long Present, long Published) Periods =>
        (PeriodAt(time.GetUtcNow()), PeriodAt(time.GetUtcNow() + options.TokenKeyNotice));

    private bool IsUpToDate => Volatile.Read(ref _loaded) is var (present, published) && (present, published) == Periods;

    private bool WasJustLoaded => time.GetElapsedTime(Volatile.Read(ref _loadedAt)) < _refreshAfter;

    private static CryptoProviderFactory Signatures { get; } = new() { CacheSignatureProviders = true };

    private long PeriodAt(DateTimeOffset at) => at.UtcTicks / options.TokenKeyLifetime.Ticks;

    // The period is the key's id, so nodes that reach it together agree on one key. Another lifetime has other ids.
    private string IdOf(long period) => options.TokenKeyLifetime == KeyOptions.DefaultTokenKeyLifetime
        ? string.Create(CultureInfo.InvariantCulture, $"k{period}")
        : string.Create(CultureInfo.InvariantCulture, $"k{period}-{options.TokenKeyLifetime.Days}");

    // What was made under another lifetime says so itself, so a changed setting ends no token.
    private static DateTimeOffset EndOf(string keyId)
    {
        var parts = keyId[1..].Split('-');
        var days = parts.Length == 1 ? KeyOptions.DefaultTokenKeyLifetime.Days : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return DateTimeOffset.MinValue + (TimeSpan.FromDays(days) * (long.Parse(parts[0], CultureInfo.InvariantCulture) + 1));
    }

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
            var periods = Periods;
            var now = time.GetUtcNow();
            var stored = await store.ListAsync(cancellationToken);
            var missing = new[] { IdOf(periods.Present), IdOf(periods.Published) }.Distinct(StringComparer.Ordinal)
                .Where(id => !stored.Any(key => key.Id == id)).ToList();
            foreach (var id in missing)
            {
                using var candidate = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                await store.GetOrAddAsync(id, candidate.ExportPkcs8PrivateKey(), now, cancellationToken);
            }
            if (missing.Count > 0)
            {
                stored = await store.ListAsync(cancellationToken);
            }

            var kept = new List<ECDsaSecurityKey>();
            foreach (var key in stored)
            {
                if (now > EndOf(key.Id) + _overlap)
                {
                    await store.RemoveAsync(key.Id, cancellationToken);
                    continue;
                }
                var loaded = ECDsa.Create();
                loaded.ImportPkcs8PrivateKey(key.PrivateKey, out _);
                kept.Add(new ECDsaSecurityKey(loaded) { KeyId = key.Id });
            }
            Volatile.Write(ref _keys, kept);
            Volatile.Write(ref _published, [.. kept, .. await ListFormerAsync(kept, cancellationToken)]);
            Volatile.Write(ref _current, kept.First(key => key.KeyId == IdOf(periods.Present)));
            Volatile.Write(ref _loadedAt, time.GetTimestamp());
            Volatile.Write(ref _loaded, Tuple.Create(periods.Present, periods.Published));
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Keys of receipts that are no token's any more.</summary>
    private async Task<IEnumerable<ECDsaSecurityKey>> ListFormerAsync(
        List<ECDsaSecurityKey> kept, CancellationToken cancellationToken)
    {
        var signed = await receipts.ListKeysAsync(cancellationToken);
        return signed.Where(key => !kept.Exists(other => other.KeyId == key.Id)).Select(key =>
        {
            var loaded = ECDsa.Create();
            loaded.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
            return new ECDsaSecurityKey(loaded) { KeyId = key.Id };
        }).ToList();
    }
}
