using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// What belongs to a line is sealed with the line's key, too, whose id stands in the head: format, key, day, line, nonce, tag, ciphertext.
/// A line has few values, so its ciphers are not kept.
/// </summary>
public sealed partial class Sealer
{
    /// <summary>Where the id of the line's key stands in what was sealed for a line.</summary>
    public const int LineIdAt = HeadSize;

    /// <summary>What was sealed for a line begins with it.</summary>
    public const byte LineFormat = 4;

    private const int LineHeadSize = HeadSize + LineKeyId.Size;
    private const int LineOverhead = LineHeadSize + NonceSize + TagSize;

    /// <inheritdoc cref="Seal(ReadOnlySpan{byte}, string, long?, MasterKey?)"/>
    /// <param name="line">Whose it is.</param>
    public byte[] Seal(ReadOnlySpan<byte> clear, string place, LineKey line, MasterKey? with = null)
    {
        var (key, day) = (with ?? ring.Sealing, ring.Day);
        var sealedValue = new byte[LineOverhead + clear.Length];
        sealedValue[0] = LineFormat;
        BinaryPrimitives.WriteUInt32BigEndian(sealedValue.AsSpan(1), key.Id.Value);
        BinaryPrimitives.WriteUInt16BigEndian(sealedValue.AsSpan(1 + sizeof(uint)), day);
        line.Id.ToBytes().CopyTo(sealedValue.AsSpan(LineIdAt));
        var nonce = sealedValue.AsSpan(LineHeadSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = CipherOf(key, place, day, line);
        cipher.Encrypt(
            nonce, clear, sealedValue.AsSpan(LineOverhead), sealedValue.AsSpan(LineHeadSize + NonceSize, TagSize),
            BoundTo(sealedValue.AsSpan(0, LineHeadSize), place, version: null));
        return sealedValue;
    }

    /// <summary>Opens what a line's key has sealed, and what was sealed without one.</summary>
    /// <param name="lines">With the one that <see cref="LineOf"/> names.</param>
    /// <exception cref="CryptographicException">
    /// The line's key is not there, or the value was sealed with another key, for another place, or altered.
    /// </exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, string place, IReadOnlyDictionary<LineKeyId, LineKey> lines)
    {
        if (LineOf(sealedValue) is not { } id)
        {
            return Open(sealedValue, place);
        }
        var line = lines.GetValueOrDefault(id) ?? throw new CryptographicException("The key of this value's line is not there.");
        var key = ring.Find(KeyOf(sealedValue)!.Value) ?? throw new CryptographicException("The key of this value is not there.");
        var day = BinaryPrimitives.ReadUInt16BigEndian(sealedValue[(1 + sizeof(uint))..]);
        using var cipher = CipherOf(key, place, day, line);
        return Open(cipher, sealedValue, LineHeadSize, BoundTo(sealedValue[..LineHeadSize], place, version: null));
    }

    /// <summary>The line whose key has sealed a value; null where none has.</summary>
    public static LineKeyId? LineOf(ReadOnlySpan<byte> sealedValue) =>
        IsOfLine(sealedValue) ? LineKeyId.FromBytes(sealedValue.Slice(LineIdAt, LineKeyId.Size)) : null;

    private static bool IsOfLine(ReadOnlySpan<byte> sealedValue) => sealedValue is [LineFormat, ..] && sealedValue.Length >= LineOverhead;

    private AesGcm CipherOf(MasterKey key, string place, ushort day, LineKey line) =>
        new(line.Mix(SubKeyOf(key.Derive(purpose), TableOf(place), day, null)), TagSize);
}
