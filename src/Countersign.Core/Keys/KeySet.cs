namespace Countersign.Core.Keys;

/// <summary>All keys of an installation: the newest that has begun seals, every one opens.</summary>
/// <param name="Keys">1 to <see cref="MaxKeys"/>, in the order in which they begin.</param>
/// <param name="HashKey">
/// 32 bytes, never replaced: what keyed hashes are made with. It outlives the first key, from which it was derived, so that ids that were
/// handed out stay as they are. What stands in the store is sealed once more under a key that is replaced.
/// </param>
/// <param name="First">The key under which stands what names no key; null when it is gone.</param>
public sealed record KeySet(IReadOnlyList<KeptKey> Keys, byte[] HashKey, KeyId? First)
{
    /// <summary>One that is going, one that seals, and one that is to come.</summary>
    public const int MaxKeys = 3;

    /// <summary>An installation that has never changed its key.</summary>
    public static KeySet Of(MasterKey first) => new([new KeptKey(first, DateTimeOffset.UnixEpoch)], first.DeriveHashKey(), first.Id);

    public MasterKey? Find(KeyId id)
    {
        foreach (var kept in Keys)
        {
            if (kept.Key.Id == id)
            {
                return kept.Key;
            }
        }
        return null;
    }

    public MasterKey SealingAt(DateTimeOffset now) => KeptAt(now).Key;

    /// <summary>The key that seals at a moment, with its own.</summary>
    public KeptKey KeptAt(DateTimeOffset now)
    {
        for (var i = Keys.Count - 1; i > 0; i--)
        {
            if (Keys[i].SealsFrom <= now)
            {
                return Keys[i];
            }
        }
        return Keys[0];
    }

    public KeySet With(KeptKey next) => this with { Keys = [.. Keys, next] };

    /// <summary>Without a key that opens nothing any more.</summary>
    public KeySet Without(KeyId id) => this with
    {
        Keys = [.. Keys.Where(kept => kept.Key.Id != id)], First = First == id ? null : First,
    };

    public override string ToString() => $"{Keys.Count} keys";
}

/// <param name="SealsFrom">
/// By the time that all nodes share: so they change to it at one moment, each with a key that all of them have read by then.
/// </param>
public sealed record KeptKey(MasterKey Key, DateTimeOffset SealsFrom)
{
    public override string ToString() => Key.Id.ToString();
}
