using System.Security.Cryptography;

namespace Countersign.Core.History;

/// <summary>
/// Stands for a line where its number may not stand: 16 bytes of chance. What links it to the number is kept apart from the store
/// (<see cref="ILinePseudonyms"/>), and once that is gone nobody can say whose it was.
/// </summary>
public readonly record struct LinePseudonym
{
    private const int Size = 16;

    private LinePseudonym(string hex) => Hex = hex;

    public string Hex { get; }

    public static LinePseudonym New() => new(RandomNumberGenerator.GetHexString(2 * Size, lowercase: true));

    /// <exception cref="FormatException">These are not 16 bytes.</exception>
    public static LinePseudonym FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size ? new(Convert.ToHexStringLower(bytes)) : throw new FormatException("A line's pseudonym has 16 bytes.");

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}
