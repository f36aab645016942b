using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// The hashes of rows of short life: sealed with the secret of their day, too (<see cref="DayKeys"/>). Without it nobody finds a row by its
/// number, however many numbers are tried.
/// </summary>
public sealed partial class HashSealer
{
    private const byte DayFormat = 3;
    private const int DayHeadSize = HeadSize + sizeof(ushort) + 1;

    /// <summary>As many values as <see cref="AllOf(string, byte[])"/> answers: three days, and before them none.</summary>
    public const int MaxValues = 4 * KeySet.MaxKeys;

    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    // Those of two days and three keys.
    private const int MaxCiphers = 16;

    private readonly ThreadLocal<Ciphers<(KeyId Key, DayKeyName Secret), DayCipher>> _ofDays =
        new(() => new Ciphers<(KeyId Key, DayKeyName Secret), DayCipher>(MaxCiphers));

    /// <summary>
    /// True while one server may seal with another key or the secret of another day than the next: two that write one row at once do not
    /// see each other's.
    /// </summary>
    public bool IsTurning => IsChanging || (days is not null && DayAt(-_skew) != DayAt(_skew));

    /// <summary>What rows of a table are written with.</summary>
    /// <param name="hash">16 or 32 bytes.</param>
    /// <exception cref="UnavailableException">Others seal with a key that is not here, or the secret of the day is not.</exception>
    public byte[] Seal(string table, byte[] hash)
    {
        if (days?.NameOf(table, ring.Day) is not { } today)
        {
            return Seal(hash);
        }
        RefuseWithoutKeys();
        return SealUnder(Sealing, today, days.Get(today), hash);
    }

    /// <summary>
    /// What rows of a table may have that is of short life: first what they are written with, then what they have under the other keys and
    /// of the days before and after, and last what those have that an earlier version wrote. Where there are fewer the first is repeated,
    /// so that one statement serves all.
    /// </summary>
    /// <exception cref="UnavailableException">Others seal with a key that is not here, or the secret of the day is not.</exception>
    /// <returns><see cref="MaxValues"/> values.</returns>
    public byte[][] AllOf(string table, byte[] hash)
    {
        var all = new byte[MaxValues][];
        var next = 0;
        if (days?.NameOf(table, ring.Day) is { } today)
        {
            RefuseWithoutKeys();
            var sealing = Sealing;
            all[next++] = SealUnder(sealing, today, days.Get(today), hash);
            foreach (var name in ((ushort[])[today.Day, DayAt(-_day), DayAt(_skew)]).Distinct().Select(day => today with { Day = day }))
            {
                foreach (var kept in ring.Keys.Keys)
                {
                    if (days.Peek(name) is { } secret && (name != today || kept.Key.Id != sealing.Id))
                    {
                        all[next++] = SealUnder(kept.Key, name, secret, hash);
                    }
                }
            }
        }
        foreach (var former in AllOf(hash).Distinct())
        {
            all[next++] = former;
        }
        Array.Fill(all, all[0], next, MaxValues - next);
        return all;
    }

    /// <summary>
    /// A tag that stands beside a hash and is made of a hash itself: sealed as the hash is, with the same key and the same secret. As it is
    /// where that has no secret.
    /// </summary>
    /// <param name="stored">The hash as it is stored.</param>
    public long SealTag(byte[] stored, long tag) => IsOfDay(stored) ? Scramble(CipherOf(stored).TagKey, tag, isBack: false) : tag;

    /// <exception cref="CryptographicException">A key or the secret of its day is not there.</exception>
    public long OpenTag(byte[] stored, long tag) => IsOfDay(stored) ? Scramble(CipherOf(stored).TagKey, tag, isBack: true) : tag;

    private ushort DayAt(TimeSpan from) => (ushort)((ring.Now + from).ToUnixTimeSeconds() / 86_400);

    private static bool IsOfDay(ReadOnlySpan<byte> stored) =>
        stored.Length % BlockSize == DayHeadSize && stored.Length > DayHeadSize && stored[0] == DayFormat;

    private byte[] SealUnder(MasterKey key, DayKeyName name, byte[] secret, byte[] hash)
    {
        var stored = new byte[DayHeadSize + hash.Length];
        stored[0] = DayFormat;
        BinaryPrimitives.WriteUInt32BigEndian(stored.AsSpan(1), key.Id.Value);
        BinaryPrimitives.WriteUInt16BigEndian(stored.AsSpan(HeadSize), name.Day);
        stored[DayHeadSize - 1] = name.KeptFor;
        CipherOf(key, name, secret).Aes.EncryptEcb(hash, stored.AsSpan(DayHeadSize), PaddingMode.None);
        return stored;
    }

    private byte[] OpenOfDay(byte[] stored) => CipherOf(stored).Aes.DecryptEcb(stored.AsSpan(DayHeadSize), PaddingMode.None);

    private DayCipher CipherOf(byte[] stored)
    {
        var name = new DayKeyName(stored[DayHeadSize - 1], BinaryPrimitives.ReadUInt16BigEndian(stored.AsSpan(HeadSize)));
        var key = ring.Find(KeyOf(stored)!.Value) ?? throw new CryptographicException("The key of this hash is not there.");
        return CipherOf(
            key, name, days is null ? throw new CryptographicException("The secret of its day is not there.") : days.GetKept(name));
    }

    /// <summary>A permutation of 64 bits: four rounds of Luby and Rackoff, with HMAC.</summary>
    private static long Scramble(byte[] key, long tag, bool isBack)
    {
        var (left, right) = ((uint)((ulong)tag >> 32), (uint)tag);
        Span<byte> input = stackalloc byte[1 + sizeof(uint)];
        Span<byte> output = stackalloc byte[HMACSHA256.HashSizeInBytes];
        for (byte i = 0; i < 4; i++)
        {
            input[0] = isBack ? (byte)(3 - i) : i;
            BinaryPrimitives.WriteUInt32BigEndian(input[1..], isBack ? left : right);
            HMACSHA256.HashData(key, input, output);
            var mask = BinaryPrimitives.ReadUInt32BigEndian(output);
            (left, right) = isBack ? (right ^ mask, left) : (right, left ^ mask);
        }
        return (long)(((ulong)left << 32) | right);
    }

    private DayCipher CipherOf(MasterKey key, DayKeyName name, byte[] secret)
    {
        var ciphers = _ofDays.Value!;
        if (ciphers.Find((key.Id, name), days!.Generation) is { } known)
        {
            return known;
        }
        var root = HKDF.Extract(HashAlgorithmName.SHA256, key.Derive(Purpose), salt: secret);
        return ciphers.Add((key.Id, name), new DayCipher(root));
    }

    private sealed class DayCipher : IDisposable
    {
        public DayCipher(byte[] root)
        {
            Aes = Aes.Create();
            Aes.Key = HKDF.Expand(HashAlgorithmName.SHA256, root, MasterKey.Size, "day"u8.ToArray());
            TagKey = HKDF.Expand(HashAlgorithmName.SHA256, root, MasterKey.Size, "tag"u8.ToArray());
        }

        public Aes Aes { get; }

        public byte[] TagKey { get; }

        public void Dispose() => Aes.Dispose();
    }
}
