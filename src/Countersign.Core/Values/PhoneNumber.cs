using System.Diagnostics.CodeAnalysis;

namespace Countersign.Core;

/// <summary>
/// A telephone number as <c>+</c>, country code, national number (E.164). Prints masked. That a line has one form alone is the business of
/// <see cref="INumberPlan"/>: the shape does not tell a trunk zero from a digit of the number.
/// </summary>
public readonly record struct PhoneNumber
{
    // E.164: at most 15 digits. Seven is the shortest national number with its country code that is in use.
    private const int MaxDigits = 15;
    private const int MinDigits = 7;

    // What people put before and into a number: "9 011 15" in Argentina makes sixteen digits, a carrier code some more.
    private const int MaxTypedDigits = 20;

    private PhoneNumber(string e164) => E164 = e164;

    /// <summary>The number in clear: <c>+12025550142</c>.</summary>
    public string E164 { get; }

    /// <summary>
    /// Reads a number by its shape. Ten digits, or eleven that begin with 1, are North American; anything else is read as country code
    /// and number, with or without <c>+</c>. Whether the number exists is for <see cref="Numbers.INumberAdmission"/> to say.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PhoneNumber number)
    {
        number = default;
        if (WithPlus(text) is not { Length: <= MaxDigits + 1 } international)
        {
            return false;
        }

        number = new PhoneNumber(international);
        return true;
    }

    /// <summary>
    /// Reads by the same rules what a numbering plan has yet to look at: with its trunk zeros and other prefixes it may be longer than any
    /// number. Returns null when it has not the shape of one.
    /// </summary>
    public static string? WithPlus(string? text)
    {
        Guards.Drop("F02", ref text, () => text is null ? null : string.Concat(text.Where(c => c == '+' || char.IsAsciiDigit(c))));
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var isInternational = text[0] == '+';
        var digits = isInternational ? text[1..] : text;
        if (digits.Length is < MinDigits or > MaxTypedDigits || digits.AsSpan().ContainsAnyExceptInRange('0', '9') || digits[0] == '0')
        {
            return null;
        }
        return digits.Length == 10 && !isInternational ? "+1" + digits : "+" + digits;
    }

    public static PhoneNumber Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a telephone number.");

    /// <summary>Country code's first digit and the last two digits: enough to tell two test numbers apart, too little to call.</summary>
    public override string ToString() => E164 is null ? "" : $"{E164[..2]}{new string('*', E164.Length - 4)}{E164[^2..]}";
}
