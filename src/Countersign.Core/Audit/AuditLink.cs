using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Audit;

/// <summary>An entry at its place in the chain.</summary>
/// <param name="Position">From 1 on, without a gap.</param>
/// <param name="Previous">The hash of the entry before; of the first 32 zeros.</param>
/// <param name="Hash">SHA-256 of place, previous hash and text.</param>
/// <param name="Text">The entry's, as it is hashed.</param>
public sealed record AuditLink(long Position, byte[] Previous, byte[] Hash, byte[] Text)
{
    private static readonly byte[] _begins = Encoding.UTF8.GetBytes("countersign audit entry 1\n");

    /// <summary>What the first entry follows.</summary>
    public static byte[] Genesis { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>What is wrong with the row that holds it, in words; null for nothing.</summary>
    public string? Flaw { get; init; }

    public static AuditLink Of(long position, byte[] previous, byte[] text) =>
        new(position, previous, HashOf(position, previous, text), text);

    public static byte[] HashOf(long position, byte[] previous, byte[] text)
    {
        var place = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(place, position);
        return SHA256.HashData([.. _begins, .. place, .. previous, .. text]);
    }

    public override string ToString() => $"{Position}";
}
