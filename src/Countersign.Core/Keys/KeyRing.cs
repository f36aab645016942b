namespace Countersign.Core.Keys;

/// <summary>The keys that this process has read, and the one that seals now.</summary>
public sealed class KeyRing
{
    // A row whose key is gone is read again and again, and names any key: the keys must not be read for each.
    private static readonly TimeSpan _readAgainAfter = TimeSpan.FromSeconds(1);

    private readonly IKeyStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _reading = new();
    private KeySet _keys;
    private long _readAt;
    private KeyId[] _needed = [];

    /// <param name="time">The time that all nodes share.</param>
    /// <exception cref="KeyStoreException">The keys cannot be read.</exception>
    public KeyRing(IKeyStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _keys = store.Read();
        _readAt = time.GetTimestamp();
    }

    /// <summary>One key, for ever.</summary>
    public static KeyRing Of(MasterKey key, TimeProvider time) => new(new ConfiguredKeyStore(key), time);

    public KeySet Keys => Volatile.Read(ref _keys);

    /// <summary>The time by which keys begin.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The key that seals now.</summary>
    public MasterKey Sealing => Keys.SealingAt(_time.GetUtcNow());

    /// <summary>Days since 1970-01-01 UTC.</summary>
    public ushort Day => (ushort)(_time.GetUtcNow().ToUnixTimeSeconds() / 86_400);

    /// <summary>The key of this id, also one that was added since the keys were read; null when there is none.</summary>
    public MasterKey? Find(KeyId id) => Keys.Find(id) ?? (ReadAgain() ? Keys.Find(id) : null);

    /// <summary>
    /// The first of the keys that this process needs and does not have; null when it has all. Others seal with it: what they have sealed
    /// is not found here.
    /// </summary>
    public KeyId? Missing
    {
        get
        {
            foreach (var id in Volatile.Read(ref _needed))
            {
                if (Find(id) is null)
                {
                    return id;
                }
            }
            return null;
        }
    }

    /// <summary>Says which keys the store was met under, in the place of those that were said before.</summary>
    public void Need(KeyId[] ids) => Volatile.Write(ref _needed, ids);

    /// <summary>Reads the keys as they are now.</summary>
    /// <exception cref="KeyStoreException">They cannot be read, or are older; those that were read before stay.</exception>
    public void Reload()
    {
        lock (_reading)
        {
            _readAt = _time.GetTimestamp();
            Volatile.Write(ref _keys, Read());
        }
    }

    /// <summary>Changes what is kept, and goes on with it.</summary>
    /// <exception cref="KeyStoreException">It cannot be read or written.</exception>
    public void Change(Func<KeySet, KeySet> change)
    {
        lock (_reading)
        {
            var before = Read();
            var keys = change(before);
            if (!ReferenceEquals(keys, before))
            {
                _store.Write(keys);
            }
            Volatile.Write(ref _keys, keys);
        }
    }

    /// <summary>Never an older set than the one that is here: what others seal with the newer key would not be found.</summary>
    private KeySet Read()
    {
        var (read, now) = (_store.Read(), Now);
        var (present, next) = (_keys.KeptAt(now), read.KeptAt(now));
        return next.Key.Id == present.Key.Id || next.SealsFrom >= present.SealsFrom
            ? read
            : throw new KeyStoreException(
                $"The keys that were read would seal with {next}, which began before {present}, which seals now: "
                + "put the newest file back.");
    }

    private bool ReadAgain()
    {
        try
        {
            lock (_reading)
            {
                if (_time.GetElapsedTime(_readAt) >= _readAgainAfter)
                {
                    Reload();
                }
            }
            return true;
        }
        catch (KeyStoreException)
        {
            // Whoever reads it by the clock tells of it.
            return false;
        }
    }
}
