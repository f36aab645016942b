using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// Seals keyed hashes that rows are looked up by, so that they can be sealed anew when the key is replaced, without knowing what was
/// hashed. Equal hashes come out equal: AES-256 of each 16 bytes, which are random to whoever has no key. Under the first key a hash stands
/// as it is.
/// </summary>
/// <param name="days">What the hashes of rows of short life are sealed with, too; null where none are.</param>
public sealed partial class HashSealer(KeyRing ring, DayKeys? days = null) : IDisposable
{
    private const string Purpose = "lookup";
    private const byte Format = 2;
    private const int HeadSize = 1 + sizeof(uint);
    private const int BlockSize = 16;
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(5);

    private readonly ThreadLocal<Dictionary<KeyId, Aes>> _ciphers = new(() => []);

    /// <summary>
    /// How long after a key has begun hashes are sealed with it. Until then every server knows the key, or has met it in the store and
    /// refuses what it cannot find: so no two look for one row in two places, and what one has counted counts for the other.
    /// </summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(30);

    /// <summary>How far the clocks of two servers may be apart.</summary>
    private static readonly TimeSpan _skew = TimeSpan.FromSeconds(10);

    /// <summary>The keys under which it seals.</summary>
    public KeyRing Ring => ring;

    /// <summary>Whether rows may be under more than one key.</summary>
    public bool HasSeveralKeys => ring.Keys.Keys.Count > 1;

    /// <summary>The key that hashes are sealed with now.</summary>
    public MasterKey Sealing => ring.Keys.SealingAt(ring.Now - Lag);

    /// <summary>True while one server may seal hashes with a key and another with the next.</summary>
    public bool IsChanging => HasSeveralKeys
        && ring.Now - Lag is var now && ring.Keys.Keys.Any(kept => (kept.SealsFrom - now).Duration() < _skew);

    /// <summary>What rows are written with.</summary>
    /// <param name="hash">16 or 32 bytes.</param>
    /// <exception cref="UnavailableException">Others seal with a key that is not here.</exception>
    public byte[] Seal(byte[] hash)
    {
        RefuseWithoutKeys();
        return SealUnder(Sealing, ring.Keys, hash);
    }

    /// <summary>
    /// What rows may have: first what they are written with, then what they have under the other keys. Where there are fewer keys the first
    /// is repeated, so that one statement serves all. When the first key is gone the hash as it is comes last: a server that did not hear
    /// of it may have written that.
    /// </summary>
    /// <exception cref="UnavailableException">Others seal with a key that is not here: their rows would not be found.</exception>
    /// <returns><see cref="KeySet.MaxKeys"/> values.</returns>
    public byte[][] AllOf(byte[] hash)
    {
        RefuseWithoutKeys();
        var (keys, sealing) = (ring.Keys, Sealing);
        var all = new byte[KeySet.MaxKeys][];
        Array.Fill(all, SealUnder(sealing, keys, hash));
        var next = 1;
        foreach (var kept in keys.Keys)
        {
            if (kept.Key.Id != sealing.Id && next < all.Length)
            {
                all[next++] = SealUnder(kept.Key, keys, hash);
            }
        }
        if (keys.First is null && next < all.Length)
        {
            all[next] = hash;
        }
        return all;
    }

    /// <summary>The hash that a row has.</summary>
    /// <exception cref="CryptographicException">It was sealed with a key that is not there.</exception>
    public byte[] Open(byte[] stored)
    {
        if (IsOfDay(stored))
        {
            return OpenOfDay(stored);
        }
        if (KeyOf(stored) is not { } id)
        {
            return stored;
        }
        var key = ring.Find(id) ?? throw new CryptographicException("The key of this hash is not there.");
        return CipherOf(key).DecryptEcb(stored.AsSpan(HeadSize), PaddingMode.None);
    }

    /// <summary>The key under which a hash stands; null for the first.</summary>
    public static KeyId? KeyOf(ReadOnlySpan<byte> stored) =>
        IsOfDay(stored) || (stored.Length % BlockSize == HeadSize && stored[0] == Format)
            ? new KeyId(BinaryPrimitives.ReadUInt32BigEndian(stored[1..]))
            : null;

    /// <exception cref="UnavailableException">Others seal with a key that is not here: it cannot be understood.</exception>
    public void RefuseWithoutKeys()
    {
        if (ring.Missing is { } key)
        {
            throw new UnavailableException($"The store is under encryption key {key}, which this server does not have.", _retryAfter);
        }
    }

    public void Dispose()
    {
        _ciphers.Dispose();
        _ofDays.Dispose();
    }

    private byte[] SealUnder(MasterKey key, KeySet keys, byte[] hash)
    {
        if (key.Id == keys.First)
        {
            return hash;
        }
        var stored = new byte[HeadSize + hash.Length];
        stored[0] = Format;
        BinaryPrimitives.WriteUInt32BigEndian(stored.AsSpan(1), key.Id.Value);
        CipherOf(key).EncryptEcb(hash, stored.AsSpan(HeadSize), PaddingMode.None);
        return stored;
    }

    private Aes CipherOf(MasterKey key)
    {
        var ciphers = _ciphers.Value!;
        if (!ciphers.TryGetValue(key.Id, out var cipher))
        {
            cipher = Aes.Create();
            cipher.Key = key.Derive(Purpose);
            ciphers.Add(key.Id, cipher);
        }
        return cipher;
    }
}
