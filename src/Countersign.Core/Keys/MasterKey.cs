using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Keys;

/// <summary>
/// One of an installation's keys. It encrypts nothing itself: what does is derived from it, one key for each purpose.
/// </summary>
public sealed class MasterKey
{
    public const int Size = 32;

    private readonly byte[] _key;

    /// <param name="key">32 random bytes.</param>
    public MasterKey(byte[] key)
    {
        _key = key;
        Id = new KeyId(BinaryPrimitives.ReadUInt32BigEndian(Derive("id")));
    }

    /// <summary>Made of the key itself, so that no file can name it wrongly.</summary>
    public KeyId Id { get; }

    public static MasterKey New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>What the keys of one purpose are made of.</summary>
    /// <returns>32 bytes.</returns>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Size, info: Encoding.UTF8.GetBytes("countersign:" + purpose));

    /// <summary>Of an installation's first key: what keyed hashes are made with, now and when the key itself is gone.</summary>
    /// <returns>32 bytes.</returns>
    public byte[] DeriveHashKey() => Derive("hash");

    /// <summary>For whoever keeps it.</summary>
    public string ToBase64() => Convert.ToBase64String(_key);

    /// <summary>The key that a text writes; null when it is not base64 of exactly 32 bytes.</summary>
    public static MasterKey? Parse(string? text)
    {
        var key = new byte[Size + 16];
        return text is not null && Convert.TryFromBase64String(text, key, out var length) && length == Size
            ? new MasterKey(key[..length])
            : null;
    }

    public override string ToString() => "***";
}

/// <summary>Names a key where it has sealed something, and in the key file: 8 lower-case hex digits. Tells nothing of the key.</summary>
public readonly record struct KeyId(uint Value)
{
    /// <summary>Counted for what names no key when the first is gone.</summary>
    public static KeyId None => default;

    public override string ToString() => Value.ToString("x8", CultureInfo.InvariantCulture);
}
