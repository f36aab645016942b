namespace Countersign.Core.Texts;

/// <summary>
/// Numbers as providers of gateways write them: international, with <c>+</c>, with <c>00</c> or with neither; in North America also without
/// the 1.
/// </summary>
public static class WrittenNumber
{
    /// <summary>
    /// What a text means by its shape alone: one number, or, for ten digits with neither, the international and then the North American
    /// one. Empty when it has not the shape of a number.
    /// </summary>
    public static IReadOnlyList<PhoneNumber> ReadingsOf(string? text)
    {
        var written = (text ?? "").Trim();
        var isMarked = written.StartsWith('+') || written.StartsWith("00", StringComparison.Ordinal);
        var digits = written.StartsWith('+') ? written[1..] : isMarked ? written[2..] : written;
        if (!PhoneNumber.TryParse("+" + digits, out var international))
        {
            return [];
        }
        return !isMarked && digits.Length == 10 ? [international, PhoneNumber.Parse(digits)] : [international];
    }
}
