using Countersign.Core.Keys;

namespace Countersign.Core.Administration;

/// <summary>The keys that the store is encrypted with, as an administrator changes them.</summary>
public sealed class EncryptionKeys(KeyRing ring, IKeyUse use)
{
    /// <summary>
    /// How long a key stays after the next has begun: what is not in the store (what browsers carry, what devices sign, addresses that
    /// gateways send receipts to) is made with it, too.
    /// </summary>
    public static readonly TimeSpan MinOverlap = TimeSpan.FromHours(1);

    /// <summary>All keys, in the order in which they begin. Goes through all tables.</summary>
    public async Task<IReadOnlyList<EncryptionKey>> ListAsync(CancellationToken cancellationToken)
    {
        var (keys, sealing) = (ring.Keys, ring.Sealing.Id);
        var counts = await use.CountAsync(cancellationToken);
        return
        [
            .. keys.Keys.Select((kept, i) => new EncryptionKey(
                kept.Key.Id, i == 0 ? null : kept.SealsFrom, kept.Key.Id == sealing, counts.GetValueOrDefault(kept.Key.Id))),
        ];
    }

    /// <summary>Makes a key that seals when the delay is over.</summary>
    /// <exception cref="KeyStoreException">The keys cannot be written; the message tells what to do.</exception>
    public EncryptionKeyOutcome Rotate(TimeSpan delay)
    {
        EncryptionKeyOutcome outcome = new EncryptionKeyOutcome.TooMany();
        ring.Change(keys =>
        {
            if (keys.Keys.Count >= KeySet.MaxKeys || keys.Keys.Any(kept => kept.SealsFrom > ring.Now))
            {
                return keys;
            }
            var next = new KeptKey(MasterKey.New(), ring.Now + delay);
            outcome = new EncryptionKeyOutcome.Made(next.Key.Id, next.SealsFrom);
            return keys.With(next);
        });
        return outcome;
    }

    /// <summary>Takes a key away that opens nothing any more, or that has not begun.</summary>
    /// <exception cref="KeyStoreException">The keys cannot be written; the message tells what to do.</exception>
    public async Task<EncryptionKeyOutcome> RetireAsync(string id, CancellationToken cancellationToken)
    {
        ring.Reload();
        var (keys, sealing) = (ring.Keys.Keys, ring.Sealing.Id);
        var at = keys.ToList().FindIndex(kept => kept.Key.Id.ToString() == id);
        if (at < 0)
        {
            return new EncryptionKeyOutcome.Unknown();
        }
        var key = keys[at].Key.Id;
        if (key == sealing)
        {
            return new EncryptionKeyOutcome.Seals();
        }
        if (at + 1 < keys.Count && keys[at + 1].SealsFrom + MinOverlap is var end && ring.Now < end && keys[at].SealsFrom <= ring.Now)
        {
            return new EncryptionKeyOutcome.TooSoon(end);
        }
        var counts = await use.CountAsync(cancellationToken);
        if (counts.GetValueOrDefault(key) is > 0 and var count)
        {
            return new EncryptionKeyOutcome.StillOpens(count);
        }
        ring.Change(kept => kept.Without(key));
        return new EncryptionKeyOutcome.Retired();
    }
}

/// <param name="SealsFrom">Null for the first, which began with the installation.</param>
/// <param name="Values">How many values in the store it has sealed.</param>
public sealed record EncryptionKey(KeyId Id, DateTimeOffset? SealsFrom, bool Seals, long Values)
{
    public override string ToString() => Id.ToString();
}

/// <summary>What a change of the keys came to: a closed set.</summary>
public abstract record EncryptionKeyOutcome
{
    private EncryptionKeyOutcome() { }

    public sealed record Made(KeyId Id, DateTimeOffset SealsFrom) : EncryptionKeyOutcome;

    /// <summary>There are as many as may be, or one is still to begin.</summary>
    public sealed record TooMany : EncryptionKeyOutcome;

    public sealed record Retired : EncryptionKeyOutcome;

    public sealed record Unknown : EncryptionKeyOutcome;

    /// <summary>It is the one that seals.</summary>
    public sealed record Seals : EncryptionKeyOutcome;

    public sealed record TooSoon(DateTimeOffset Until) : EncryptionKeyOutcome;

    public sealed record StillOpens(long Values) : EncryptionKeyOutcome;
}
