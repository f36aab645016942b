using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// What belongs to a line is sealed with the line's key, too, whose id stands in the head: format, key, day, line, nonce, tag, ciphertext.
/// What a project keeps of a line is sealed with both their keys, and has the id of the project's after the line's.
/// A line has few values, so its ciphers are not kept.
/// </summary>
public sealed partial class Sealer
{
    /// <summary>Where the id of the line's key stands in what was sealed for a line.</summary>
    public const int LineIdAt = HeadSize;

    /// <summary>The first byte of what is sealed with one such key, a line's or a project's.</summary>
    public const byte LineFormat = 4;

    /// <summary>The first byte of what is sealed with a line's key and a project's.</summary>
    public const byte ProjectFormat = 5;

    private const int LineHeadSize = HeadSize + LineKeyId.Size;
    private const int ProjectHeadSize = LineHeadSize + LineKeyId.Size;

    /// <inheritdoc cref="Seal(ReadOnlySpan{byte}, string, long?, MasterKey?)"/>
    /// <param name="line">Whose it is.</param>
    public byte[] Seal(ReadOnlySpan<byte> clear, string place, LineKey line, MasterKey? with = null)
    {
        var (key, day, headSize) = (with ?? ring.Sealing, ring.Day, line.Project is null ? LineHeadSize : ProjectHeadSize);
        var sealedValue = new byte[headSize + NonceSize + TagSize + clear.Length];
        sealedValue[0] = line.Project is null ? LineFormat : ProjectFormat;
        BinaryPrimitives.WriteUInt32BigEndian(sealedValue.AsSpan(1), key.Id.Value);
        BinaryPrimitives.WriteUInt16BigEndian(sealedValue.AsSpan(1 + sizeof(uint)), day);
        line.Id.ToBytes().CopyTo(sealedValue.AsSpan(LineIdAt));
        line.Project?.ToBytes().CopyTo(sealedValue.AsSpan(LineHeadSize));
        var nonce = sealedValue.AsSpan(headSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = CipherOf(key, place, day, line);
        cipher.Encrypt(
            nonce, clear, sealedValue.AsSpan(headSize + NonceSize + TagSize), sealedValue.AsSpan(headSize + NonceSize, TagSize),
            BoundTo(sealedValue.AsSpan(0, headSize), place, version: null));
        return sealedValue;
    }

    /// <summary>Opens what a line's key has sealed, and what was sealed without one.</summary>
    /// <param name="lines">With those that <see cref="KeysOfLine"/> names.</param>
    /// <exception cref="CryptographicException">
    /// A key of the line or the project is not there, or the value was sealed with another key, for another place, or altered.
    /// </exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, string place, IReadOnlyDictionary<LineKeyId, LineKey> lines)
    {
        if (!IsOfLine(sealedValue))
        {
            return Open(sealedValue, place);
        }
        var line = LineKeyOf(sealedValue, lines);
        var key = ring.Find(KeyOf(sealedValue)!.Value) ?? throw new CryptographicException("The key of this value is not there.");
        var day = BinaryPrimitives.ReadUInt16BigEndian(sealedValue[(1 + sizeof(uint))..]);
        using var cipher = CipherOf(key, place, day, line);
        var headSize = line.Project is null ? LineHeadSize : ProjectHeadSize;
        return Open(cipher, sealedValue, headSize, BoundTo(sealedValue[..headSize], place, version: null));
    }

    /// <summary>The line whose key has sealed a value; null where none has.</summary>
    public static LineKeyId? LineOf(ReadOnlySpan<byte> sealedValue) => IsOfLine(sealedValue) ? IdAt(sealedValue, LineIdAt) : null;

    /// <summary>The keys of line and project that have sealed a value: two, one, or none.</summary>
    public static IReadOnlyList<LineKeyId> KeysOfLine(ReadOnlySpan<byte> sealedValue) => !IsOfLine(sealedValue) ? []
        : sealedValue[0] == LineFormat ? [IdAt(sealedValue, LineIdAt)]
        : [IdAt(sealedValue, LineIdAt), IdAt(sealedValue, LineHeadSize)];

    /// <summary>The key of line and project that has sealed a value, as it seals.</summary>
    /// <param name="lines">With those that <see cref="KeysOfLine"/> names.</param>
    /// <exception cref="CryptographicException">One of them is not there, or none has sealed it.</exception>
    public static LineKey LineKeyOf(ReadOnlySpan<byte> sealedValue, IReadOnlyDictionary<LineKeyId, LineKey> lines)
    {
        LineKey[] keys =
        [
            .. KeysOfLine(sealedValue).Select(id => lines.GetValueOrDefault(id)
                ?? throw new CryptographicException("The key of this value's line or project is not there.")),
        ];
        return keys switch
        {
            [var line] => line,
            [var line, var project] => line.Within(project),
            _ => throw new CryptographicException("This value is of no line."),
        };
    }

    private static bool IsOfLine(ReadOnlySpan<byte> sealedValue) => sealedValue switch
    {
        [LineFormat, ..] => sealedValue.Length >= LineHeadSize + NonceSize + TagSize,
        [ProjectFormat, ..] => sealedValue.Length >= ProjectHeadSize + NonceSize + TagSize,
        _ => false,
    };

    private static LineKeyId IdAt(ReadOnlySpan<byte> sealedValue, int at) => LineKeyId.FromBytes(sealedValue.Slice(at, LineKeyId.Size));

    private AesGcm CipherOf(MasterKey key, string place, ushort day, LineKey line) =>
        new(line.Mix(SubKeyOf(key.Derive(purpose), TableOf(place), day, null)), TagSize);
}
