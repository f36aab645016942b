using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Keys;

/// <summary>
/// Encrypts what the database may not know: AES-256-GCM. The value's place and version are associated data, so that a value copied to
/// another row or column does not open there, nor an older one in the place of a newer. Each table has a key of its own for each day: so
/// no key ever seals so many values that two of its random nonces could be equal (NIST SP 800-38D: 2^32).
/// </summary>
/// <param name="purpose">What the keys are derived for.</param>
/// <param name="days">What the rows of short life are sealed with, too; null where none are.</param>
public sealed partial class Sealer(KeyRing ring, string purpose = Sealer.StorePurpose, DayKeys? days = null) : IDisposable
{
    public const string StorePurpose = "seal";

    // The first byte tells the format. The first format names no key: nonce, tag, ciphertext.
    private const byte FirstFormat = 1;
    private const byte Format = 2;
    // Its head names a day's secret, too: for how many days it is kept.
    private const byte DayFormat = 3;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int FirstHeadSize = 1;
    private const int HeadSize = 1 + sizeof(uint) + sizeof(ushort);
    private const int DayHeadSize = HeadSize + 1;

    /// <summary>Bytes by which what is sealed is longer than what it holds; one more in a row of short life.</summary>
    public const int Overhead = HeadSize + NonceSize + TagSize;

    // A thread needs those of today, and of the days of whatever it opens.
    private const int MaxCiphers = 64;

    // AesGcm keeps the nonce of the present call in itself: two threads on one instance would seal with each other's. Those of a thread
    // that has ended are collected.
    private readonly ThreadLocal<Ciphers<(KeyId Key, string Table, int Day, DayKeyName? Secret), AesGcm>> _ciphers =
        new(() => new Ciphers<(KeyId Key, string Table, int Day, DayKeyName? Secret), AesGcm>(MaxCiphers));

    /// <param name="place">Table, column and row id: <c>table.column:id</c>. What stands before the first dot has a key of its own.</param>
    /// <param name="version">Of the row that it stands in; null where a row has none.</param>
    /// <param name="with">Null for the key that seals now.</param>
    public byte[] Seal(ReadOnlySpan<byte> clear, string place, long? version = null, MasterKey? with = null)
    {
        var (key, table, day) = (with ?? ring.Sealing, TableOf(place), ring.Day);
        var secret = days?.NameOf(table, day);
        var headSize = secret is null ? HeadSize : DayHeadSize;
        var sealedValue = new byte[headSize + NonceSize + TagSize + clear.Length];
        sealedValue[0] = secret is null ? Format : DayFormat;
        BinaryPrimitives.WriteUInt32BigEndian(sealedValue.AsSpan(1), key.Id.Value);
        BinaryPrimitives.WriteUInt16BigEndian(sealedValue.AsSpan(1 + sizeof(uint)), day);
        if (secret is { } name)
        {
            sealedValue[HeadSize] = name.KeptFor;
        }
        var nonce = sealedValue.AsSpan(headSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        CipherOf(key, table, day, secret, secret is { } present ? days!.Get(present) : null).Encrypt(
            nonce, clear, sealedValue.AsSpan(headSize + NonceSize + TagSize), sealedValue.AsSpan(headSize + NonceSize, TagSize),
            BoundTo(sealedValue.AsSpan(0, headSize), place, version));
        return sealedValue;
    }

    /// <exception cref="CryptographicException">
    /// The value was sealed with another key, for another place or version, or altered; or the secret of its day is gone.
    /// </exception>
    /// <exception cref="UnavailableException">The secret of its day cannot be read now.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, string place, long? version = null) => sealedValue switch
    {
        [Format, ..] when sealedValue.Length >= Overhead => OpenNamed(sealedValue, place, version, HeadSize),
        [DayFormat, ..] when sealedValue.Length > Overhead => OpenNamed(sealedValue, place, version, DayHeadSize),
        [FirstFormat, ..] when sealedValue.Length >= FirstHeadSize + NonceSize + TagSize => OpenFirst(sealedValue, place),
        [LineFormat or ProjectFormat, ..] => throw new CryptographicException("The key of a line is needed to open this value."),
        _ => throw new CryptographicException("Not a sealed value."),
    };

    /// <summary>The key that has sealed a value; null where it is the first, and sealed it earlier.</summary>
    public static KeyId? KeyOf(ReadOnlySpan<byte> sealedValue) =>
        (sealedValue is [Format or DayFormat, ..] && sealedValue.Length >= Overhead) || IsOfLine(sealedValue)
            ? new KeyId(BinaryPrimitives.ReadUInt32BigEndian(sealedValue[1..]))
            : null;

    public void Dispose() => _ciphers.Dispose();

    private byte[] OpenNamed(ReadOnlySpan<byte> sealedValue, string place, long? version, int headSize)
    {
        var key = ring.Find(KeyOf(sealedValue)!.Value) ?? throw new CryptographicException("The key of this value is not there.");
        var day = BinaryPrimitives.ReadUInt16BigEndian(sealedValue[(1 + sizeof(uint))..]);
        DayKeyName? secret = headSize == DayHeadSize ? new DayKeyName(sealedValue[HeadSize], day) : null;
        var cipher = CipherOf(key, TableOf(place), day, secret, secret is { } name ? SecretOf(name) : null);
        return Open(cipher, sealedValue, headSize, BoundTo(sealedValue[..headSize], place, version));
    }

    private byte[] OpenFirst(ReadOnlySpan<byte> sealedValue, string place)
    {
        var key = ring.Keys.First is { } first ? ring.Find(first) : null;
        return key is null
            ? throw new CryptographicException("The first key is not there any more.")
            : Open(CipherOf(key, table: "", day: -1, null, null), sealedValue, FirstHeadSize, Encoding.UTF8.GetBytes(place));
    }

    private static byte[] Open(AesGcm cipher, ReadOnlySpan<byte> sealedValue, int headSize, byte[] boundTo)
    {
        var clear = new byte[sealedValue.Length - headSize - NonceSize - TagSize];
        cipher.Decrypt(
            sealedValue.Slice(headSize, NonceSize),
            sealedValue[(headSize + NonceSize + TagSize)..],
            sealedValue.Slice(headSize + NonceSize, TagSize),
            clear,
            boundTo);
        return clear;
    }

    private static byte[] BoundTo(ReadOnlySpan<byte> head, string place, long? version)
    {
        var size = head.Length + Encoding.UTF8.GetByteCount(place);
        var bytes = new byte[size + (version is null ? 0 : sizeof(long))];
        head.CopyTo(bytes);
        Encoding.UTF8.GetBytes(place, bytes.AsSpan(head.Length));
        if (version is { } number)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(size), number);
        }
        return bytes;
    }

    private byte[] SecretOf(DayKeyName name) =>
        days is null ? throw new CryptographicException("The secret of its day is not there.") : days.GetKept(name);

    private static string TableOf(string place) => place.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? place[..dot] : place;

    /// <param name="day">Negative for the first format, which knew neither tables nor days.</param>
    private AesGcm CipherOf(MasterKey key, string table, int day, DayKeyName? name, byte[]? secret)
    {
        var (ciphers, which) = (_ciphers.Value!, (key.Id, table, day, name));
        if (ciphers.Find(which, days?.Generation ?? 0) is { } known)
        {
            return known;
        }
        var root = key.Derive(purpose);
        return ciphers.Add(which, new AesGcm(day < 0 ? root : SubKeyOf(root, table, day, secret), TagSize));
    }

    private byte[] SubKeyOf(byte[] root, string table, int day, byte[]? secret)
    {
        var info = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"countersign:{purpose}:{table}:{day}"));
        return secret is null
            ? HKDF.Expand(HashAlgorithmName.SHA256, root, MasterKey.Size, info)
            : HKDF.DeriveKey(HashAlgorithmName.SHA256, root, MasterKey.Size, salt: secret, info);
    }
}
