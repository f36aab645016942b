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

    /// <summary>
    /// In this time every process that reads the key file has read it again: a key that begins within it may be in use before it is gone
    /// everywhere.
    /// </summary>
    public static readonly TimeSpan MinNotice = TimeSpan.FromSeconds(15);

    /// <summary>All keys, in the order in which they begin. Goes through all tables.</summary>
    public async Task<EncryptionKeyList> ListAsync(CancellationToken cancellationToken)
    {
        var (keys, sealing) = (ring.Keys, ring.Sealing.Id);
        var counts = await use.CountAsync(cancellationToken);
        return new EncryptionKeyList(
            [
                .. keys.Keys.Select((kept, i) => new EncryptionKey(
                    kept.Key.Id, i == 0 ? null : kept.SealsFrom, kept.Key.Id == sealing, counts.GetValueOrDefault(kept.Key.Id),
                    RetirableFrom(keys, i))),
            ],
            counts.Where(count => keys.Find(count.Key) is null).Sum(count => count.Value));
    }

    /// <summary>Makes a key that seals when the delay is over.</summary>
    /// <exception cref="KeyStoreException">The keys cannot be written; the message tells what to do.</exception>
    public EncryptionKeyOutcome Rotate(TimeSpan delay)
    {
        EncryptionKeyOutcome? outcome = null;
        ring.Change(keys =>
        {
            if (keys.Keys.Count >= KeySet.MaxKeys && RetirableFrom(keys, 0) is { } from)
            {
                outcome = new EncryptionKeyOutcome.TooMany(keys.Keys[0].Key.Id, from);
                return keys;
            }
            if (keys.Keys.FirstOrDefault(kept => kept.SealsFrom > ring.Now) is { } waiting)
            {
                outcome = new EncryptionKeyOutcome.Waits(waiting.Key.Id, waiting.SealsFrom);
                return keys;
            }
            var next = new KeptKey(MasterKey.New(), ring.Now + delay);
            outcome = new EncryptionKeyOutcome.Made(next.Key.Id, next.SealsFrom);
            return keys.With(next);
        });
        return outcome!;
    }

    /// <summary>Takes a key away that opens nothing any more, or that has not begun.</summary>
    /// <exception cref="KeyStoreException">The keys cannot be written; the message tells what to do.</exception>
    public async Task<EncryptionKeyOutcome> RetireAsync(string id, CancellationToken cancellationToken)
    {
        ring.Reload();
        if (RefusalOf(ring.Keys, id) is { } refusal)
        {
            return refusal;
        }
        var retired = ring.Keys.Keys.First(kept => kept.Key.Id.ToString() == id);
        var key = retired.Key.Id;
        // One that has not begun has sealed nothing, and counting may take longer than is left until then.
        if (retired.SealsFrom <= ring.Now)
        {
            var counts = await use.CountAsync(cancellationToken);
            if (counts.GetValueOrDefault(key) is > 0 and var count)
            {
                return new EncryptionKeyOutcome.StillOpens(count);
            }
        }
        EncryptionKeyOutcome outcome = new EncryptionKeyOutcome.Retired();
        ring.Change(kept =>
        {
            // Counting has taken its time.
            if (RefusalOf(kept, id) is { } late)
            {
                outcome = late;
                return kept;
            }
            return kept.Without(key);
        });
        return outcome;
    }

    /// <summary>Why a key may not go by what is known without the store. The only key is the one that seals.</summary>
    private EncryptionKeyOutcome? RefusalOf(KeySet keys, string id)
    {
        var (now, all) = (ring.Now, keys.Keys);
        var at = all.ToList().FindIndex(kept => kept.Key.Id.ToString() == id);
        if (at < 0)
        {
            return new EncryptionKeyOutcome.Unknown();
        }
        if (all.Count == 1 || all[at].Key.Id == keys.SealingAt(now).Id)
        {
            return new EncryptionKeyOutcome.Seals();
        }
        if (all[at].SealsFrom > now)
        {
            return all[at].SealsFrom > now + MinNotice ? null : new EncryptionKeyOutcome.Begins(all[at].SealsFrom);
        }
        return RetirableFrom(keys, at) is { } end && now < end ? new EncryptionKeyOutcome.TooSoon(end) : null;
    }

    /// <summary>From when a key may go if nothing in the store is under it; null while none comes after it.</summary>
    private static DateTimeOffset? RetirableFrom(KeySet keys, int at) =>
        at + 1 < keys.Keys.Count ? keys.Keys[at + 1].SealsFrom + MinOverlap : null;
}

/// <param name="ValuesUnderNone">How many values in the store name a key that is not there.</param>
public sealed record EncryptionKeyList(IReadOnlyList<EncryptionKey> Keys, long ValuesUnderNone)
{
    public override string ToString() => $"{Keys.Count} keys";
}

/// <param name="SealsFrom">Null for the first, which began with the installation.</param>
/// <param name="Values">How many values in the store it has sealed.</param>
/// <param name="RetirableFrom">From when it may go if it has no values; null while no key comes after it.</param>
public sealed record EncryptionKey(KeyId Id, DateTimeOffset? SealsFrom, bool Seals, long Values, DateTimeOffset? RetirableFrom)
{
    public override string ToString() => Id.ToString();
}

/// <summary>What a change of the keys came to: a closed set.</summary>
public abstract record EncryptionKeyOutcome
{
    private EncryptionKeyOutcome() { }

    public sealed record Made(KeyId Id, DateTimeOffset SealsFrom) : EncryptionKeyOutcome;

    /// <summary>One is still to begin, and the next is made after that.</summary>
    public sealed record Waits(KeyId Id, DateTimeOffset SealsFrom) : EncryptionKeyOutcome;

    /// <summary>There are as many as may be: the oldest goes first.</summary>
    /// <param name="From">From when that may go, if nothing in the store is under it.</param>
    public sealed record TooMany(KeyId Oldest, DateTimeOffset From) : EncryptionKeyOutcome;

    public sealed record Retired : EncryptionKeyOutcome;

    public sealed record Unknown : EncryptionKeyOutcome;

    /// <summary>It is the one that seals.</summary>
    public sealed record Seals : EncryptionKeyOutcome;

    /// <summary>It seals in a moment, and other processes may not hear in time that it is gone.</summary>
    public sealed record Begins(DateTimeOffset SealsFrom) : EncryptionKeyOutcome;

    public sealed record TooSoon(DateTimeOffset Until) : EncryptionKeyOutcome;

    public sealed record StillOpens(long Values) : EncryptionKeyOutcome;
}
