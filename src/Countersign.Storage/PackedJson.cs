using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Storage;

/// <summary>
/// JSON that is kept for long and read seldom, as bytes to seal: compressed to a fifth. What was stored as plain JSON, or compressed by
/// itself (Brotli), is read as well.
/// </summary>
/// <remarks>
/// One outcome is too short to be compressed by itself: most of it is names that each says once. So the stream (RFC 1951) begins with what
/// outcomes have in common (<see cref="CommonWords"/>), and what is stored is the rest of it, which points back there.
/// </remarks>
internal static class PackedJson
{
    // Plain JSON begins with a brace. Other common words need another format.
    private const byte BrotliFormat = 1;
    private const byte Format = 2;
    private const int MaxLength = 1 << 20;
    private const int HeadSize = 1 + sizeof(int);

    // A stream up to the end of the common words, at the border of a byte: any that says them will do, whichever library made it.
    private static readonly byte[] _beginning = Beginning();

    public static byte[] Pack<T>(T value, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        using var stream = new MemoryStream();
        int begun;
        using (var deflate = Begin(stream))
        {
            begun = (int)stream.Length;
            deflate.Write(json);
        }
        var packed = new byte[HeadSize + (int)stream.Length - begun];
        packed[0] = Format;
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), json.Length);
        stream.GetBuffer().AsSpan(begun, (int)stream.Length - begun).CopyTo(packed.AsSpan(HeadSize));
        return packed;
    }

    /// <exception cref="JsonException">It is neither.</exception>
    public static T Unpack<T>(ReadOnlySpan<byte> packed, JsonTypeInfo<T> type)
    {
        if (packed is not [BrotliFormat or Format, ..] || packed.Length < HeadSize)
        {
            return JsonSerializer.Deserialize(packed, type)!;
        }
        var length = BinaryPrimitives.ReadInt32LittleEndian(packed[1..]);
        if (length is < 0 or > MaxLength)
        {
            throw Unreadable();
        }
        var rest = packed[HeadSize..];
        return JsonSerializer.Deserialize(packed[0] == Format ? Inflate(rest, length) : OfBrotli(rest, length), type)!;
    }

    private static byte[] OfBrotli(ReadOnlySpan<byte> rest, int length)
    {
        var json = new byte[length];
        return BrotliDecoder.TryDecompress(rest, json, out var written) && written == length ? json : throw Unreadable();
    }

    private static byte[] Inflate(ReadOnlySpan<byte> rest, int length)
    {
        var text = new byte[CommonWords.Utf8.Length + length + 1];
        using var deflate = new DeflateStream(new MemoryStream([.. _beginning, .. rest]), CompressionMode.Decompress);
        try
        {
            // One more than there is to be: neither less nor more may come.
            return deflate.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) == text.Length - 1
                ? text[CommonWords.Utf8.Length..^1]
                : throw Unreadable();
        }
        catch (InvalidDataException broken)
        {
            throw Unreadable(broken);
        }
    }

    private static byte[] Beginning()
    {
        using var stream = new MemoryStream();
        using var deflate = Begin(stream);
        return stream.ToArray();
    }

    /// <summary>Up to the end of the common words, all of which stands in the stream.</summary>
    private static DeflateStream Begin(MemoryStream stream)
    {
        var deflate = new DeflateStream(stream, CompressionLevel.Optimal, leaveOpen: true);
        deflate.Write(CommonWords.Utf8);
        deflate.Flush();
        return deflate;
    }

    private static JsonException Unreadable(Exception? cause = null) => new("What was compressed cannot be read.", cause);
}
