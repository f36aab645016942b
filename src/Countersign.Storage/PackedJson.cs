using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Storage;

/// <summary>
/// JSON that is kept for long and read seldom, as bytes to seal: compressed to a third. What was stored as plain JSON is read as well.
/// </summary>
internal static class PackedJson
{
    // Plain JSON begins with a brace.
    private const byte Format = 1;
    private const int MaxLength = 1 << 20;
    private const int HeadSize = 1 + sizeof(int);

    // Those above 9 take twenty times as long for a few percent.
    private const int Quality = 5;
    private const int Window = 16;

    public static byte[] Pack<T>(T value, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var packed = new byte[HeadSize + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        packed[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), json.Length);
        return BrotliEncoder.TryCompress(json, packed.AsSpan(HeadSize), out var written, Quality, Window)
            ? packed[..(HeadSize + written)]
            : json;
    }

    /// <exception cref="JsonException">It is neither.</exception>
    public static T Unpack<T>(ReadOnlySpan<byte> packed, JsonTypeInfo<T> type)
    {
        if (packed is not [Format, ..] || packed.Length < HeadSize)
        {
            return JsonSerializer.Deserialize(packed, type)!;
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed[1..]);
        var json = length is >= 0 and <= MaxLength ? new byte[length] : throw new JsonException("What was compressed cannot be read.");
        return BrotliDecoder.TryDecompress(packed[HeadSize..], json, out var written) && written == json.Length
            ? JsonSerializer.Deserialize(json, type)!
            : throw new JsonException("What was compressed cannot be read.");
    }
}
