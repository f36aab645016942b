using System.Buffers.Binary;
using Countersign.Core;

namespace Countersign.Storage;

/// <summary>
/// Version 7 UUIDs begin with the Unix time in milliseconds (RFC 9562, section 5.7), so a range of ids is a range of time.
/// </summary>
internal static class TimeOrderedId
{
    /// <summary>16 bytes that sort before every id made at this moment or later, and after every earlier one.</summary>
    public static byte[] LowestAt(DateTimeOffset moment)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, moment.ToUnixTimeMilliseconds()) << 16);
        return bytes;
    }

    /// <summary>When it was made, in Unix milliseconds.</summary>
    public static long MomentOf(CorrelationId id) => BinaryPrimitives.ReadInt64BigEndian(id.ToBytes()) >> 16;
}
