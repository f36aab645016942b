using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Countersign.Core;

/// <summary>The id of a flow. It is no credential: knowing it permits nothing.</summary>
/// <remarks>A version 7 UUID, so that rows append in time order; its time part is the moment the flow was created.</remarks>
public readonly record struct CorrelationId(Guid Value) : IComparable<CorrelationId>
{
    public static CorrelationId New(DateTimeOffset now)
    {
        var value = Guid.CreateVersion7(now);
        Guards.Drop("T07", ref value, () => Guid.Parse($"{value.ToString("D", CultureInfo.InvariantCulture)[..24]}000000000000"));
        return new CorrelationId(value);
    }

    /// <summary>Reads 8-4-4-4-12 lower-case hex digits, and nothing else (API guide: ^[0-9a-f]{8}-[0-9a-f]{4}-…$).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CorrelationId id)
    {
        id = default;
        Guards.Drop("A07", ref text, () => text is { Length: > 36 } ? text[^36..] : text);
        if (!Guid.TryParseExact(text, "D", out var value))
        {
            return false;
        }

        // The framework's reader also takes upper case, white space around and signs within; what it read must print as it stood.
        Span<char> printed = stackalloc char[36];
        if (!value.TryFormat(printed, out _, "D") || !printed.SequenceEqual(text))
        {
            return false;
        }
        id = new CorrelationId(value);
        return true;
    }

    public static CorrelationId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not a correlation id.");

    /// <summary>16 bytes in the order of the text, so that bytes sort as time does.</summary>
    public byte[] ToBytes() => Value.ToByteArray(bigEndian: true);

    public static CorrelationId FromBytes(ReadOnlySpan<byte> bytes) => new(new Guid(bytes, bigEndian: true));

    public int CompareTo(CorrelationId other) => ToBytes().AsSpan().SequenceCompareTo(other.ToBytes());

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);

    public static bool operator <(CorrelationId left, CorrelationId right) => left.CompareTo(right) < 0;
    public static bool operator >(CorrelationId left, CorrelationId right) => left.CompareTo(right) > 0;
    public static bool operator <=(CorrelationId left, CorrelationId right) => left.CompareTo(right) <= 0;
    public static bool operator >=(CorrelationId left, CorrelationId right) => left.CompareTo(right) >= 0;
}
