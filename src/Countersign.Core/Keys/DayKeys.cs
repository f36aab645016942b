using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// The days' secrets: each is random, stands in the pseudonyms' database alone and is destroyed there when no row can be alive any more
/// that was sealed on its day. Rows of short life are sealed, and their hashes too, with a key that is made of it and of an encryption key:
/// so nobody opens or finds afterwards what such rows held, whatever copies and keys they have. In memory: no call reads a database for it.
/// </summary>
public sealed class DayKeys(KeyRing ring)
{
    /// <summary>Days after its own for which a secret is kept of tables whose rows live for a day at most.</summary>
    public const byte Brief = 1;

    /// <summary>The same of tables whose rows wait for something that may be away for days, and are gone as soon as it is there.</summary>
    public const byte Waiting = 8;

    // What is not in memory is looked for again and again, and any row may name any day.
    private static readonly TimeSpan _readAgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(5);

    private static readonly FrozenDictionary<string, byte> _keptFor = new Dictionary<string, byte>(StringComparer.Ordinal)
    {
        ["flows"] = Brief,
        [Texts] = Brief,
        ["idempotency"] = Brief,
        ["counters"] = Brief,
        ["taken_challenges"] = Brief,
        ["taken_signatures"] = Brief,
        ["text_traffic"] = Brief,
        ["audit_waiting"] = Waiting,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private const string Texts = "texts";

    private readonly Lock _reading = new();
    private readonly Lock _putting = new();
    private FrozenDictionary<DayKeyName, byte[]> _secrets = FrozenDictionary<DayKeyName, byte[]>.Empty;
    private int _generation;
    private bool _isRead;
    private DateTimeOffset? _triedAt;

    /// <summary>Whether texts stay for ever, as a sandbox's do: then they are not of short life.</summary>
    public bool KeepsTexts { get; init; }

    /// <summary>Makes what is missing, reads what is there and <see cref="Put"/>s it; false when that cannot be done. Blocks.</summary>
    public Func<bool>? Read { get; init; }

    /// <summary>Changes when a secret goes: whoever keeps what was made of one has to let go of it.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>All that are in memory.</summary>
    public IReadOnlyDictionary<DayKeyName, byte[]> All => Volatile.Read(ref _secrets);

    /// <summary>
    /// Those that there have to be: of today, of yesterday, in which another server may still be, and of tomorrow, so that everybody has
    /// read it before it begins.
    /// </summary>
    public static IEnumerable<DayKeyName> Needed(ushort today) =>
        from kept in _keptFor.Values.Distinct() from day in (int[])[today, today - 1, today + 1] select new DayKeyName(kept, (ushort)day);

    /// <summary>The secret that a table's rows are sealed with on a day; null for a table whose rows may live long.</summary>
    public DayKeyName? NameOf(string table, ushort day)
    {
        if (!_keptFor.TryGetValue(table, out var kept) || (KeepsTexts && table == Texts))
        {
            return null;
        }
        var name = new DayKeyName(kept, day);
        // An entry of the audit has to be written, and a server to start, also while there is no secret.
        return kept == Waiting && Find(name) is null ? null : name;
    }

    /// <summary>For sealing.</summary>
    /// <returns>32 bytes.</returns>
    /// <exception cref="UnavailableException">It is not in memory, and the pseudonyms' database does not answer.</exception>
    public byte[] Get(DayKeyName name) => Find(name) ?? throw Unavailable();

    /// <summary>For opening.</summary>
    /// <exception cref="CryptographicException">It is gone.</exception>
    /// <exception cref="UnavailableException">It is not in memory, and the pseudonyms' database does not answer.</exception>
    public byte[] GetKept(DayKeyName name) =>
        Find(name) is { } secret ? secret
            : Volatile.Read(ref _isRead) || name.IsOver(ring.Day) ? throw new CryptographicException("The secret of its day is gone.")
            : throw Unavailable();

    /// <summary>The secret if it is in memory.</summary>
    public byte[]? Peek(DayKeyName name) => All.GetValueOrDefault(name);

    /// <exception cref="UnavailableException">Nothing of short life can be stored now.</exception>
    public void RefuseWithoutToday()
    {
        foreach (var name in Needed(ring.Day))
        {
            if (name.Day == ring.Day && name.KeptFor == Brief && Find(name) is null)
            {
                throw Unavailable();
            }
        }
    }

    /// <summary>What the pseudonyms' database holds, in the place of what is in memory.</summary>
    public void Put(IReadOnlyDictionary<DayKeyName, byte[]> secrets)
    {
        lock (_putting)
        {
            var goes = _secrets.Any(one => !secrets.TryGetValue(one.Key, out var stays) || !stays.AsSpan().SequenceEqual(one.Value));
            Volatile.Write(ref _secrets, secrets.ToFrozenDictionary());
            Volatile.Write(ref _isRead, true);
            if (goes)
            {
                Interlocked.Increment(ref _generation);
            }
        }
    }

    /// <summary>Says that it could not be read.</summary>
    public void Fail() => Volatile.Write(ref _isRead, false);

    public override string ToString() => "***";

    private byte[]? Find(DayKeyName name)
    {
        if (Peek(name) is { } secret)
        {
            return secret;
        }
        // One that is over was destroyed, and none begins later than tomorrow.
        return !name.IsOver(ring.Day) && name.Day <= ring.Day + 1 && TryReadAgain() ? Peek(name) : null;
    }

    // Seldom: where a machine slept over a day, or the database was away when this process began.
    private bool TryReadAgain()
    {
        if (Read is null || !_reading.TryEnter(_patience))
        {
            return false;
        }
        try
        {
            var now = ring.Now;
            if (_triedAt is { } at && (now - at).Duration() < _readAgainAfter)
            {
                return true;
            }
            _triedAt = now;
            return Read();
        }
        finally
        {
            _reading.Exit();
        }
    }

    private static UnavailableException Unavailable() => new(
        "The secret of the day is not in memory and the database of Countersign:Keys:Store (on SQLite countersign.lines.db beside the "
            + "store) does not answer.",
        _retryAfter);
}

/// <summary>Names a day's secret.</summary>
/// <param name="KeptFor">Days after its own for which it is kept; never 0. Tables whose rows live as long share one.</param>
/// <param name="Day">Days since 1970-01-01 UTC.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DayKeyName(byte KeptFor, ushort Day)
{
    /// <summary>Whether nothing can be alive any more that was sealed with it.</summary>
    public bool IsOver(ushort today) => Day + KeptFor < today;
}
