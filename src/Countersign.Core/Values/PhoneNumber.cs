using System.Diagnostics.CodeAnalysis;

namespace Countersign.Core;

/// <summary>A telephone number in the one form used inside: <c>+</c>, country code, national number (E.164). Prints masked.</summary>
public readonly record struct PhoneNumber
{
    // E.164: at most 15 digits. Seven is the shortest national number with its country code that is in use.
    private const int MostDigits = 15;
    private const int FewestDigits = 7;

    private PhoneNumber(string e164) => E164 = e164;

    /// <summary>The number in clear: <c>+12025550142</c>.</summary>
    public string E164 { get; }

    /// <summary>
    /// Reads a number by its shape. Ten digits, or eleven that begin with 1, are North American; anything else is read as country code
    /// and number, with or without <c>+</c>. Whether the number exists is for <see cref="INumberAdmission"/> to say.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PhoneNumber number)
    {
        number = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var isInternational = text[0] == '+';
        var digits = isInternational ? text[1..] : text;
        if (digits.Length is < FewestDigits or > MostDigits || digits.AsSpan().ContainsAnyExceptInRange('0', '9') || digits[0] == '0')
        {
            return false;
        }

        number = new PhoneNumber(digits.Length == 10 && !isInternational ? "+1" + digits : "+" + digits);
        return true;
    }

    public static PhoneNumber Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException("Not a telephone number.");

    /// <summary>Country code's first digit and the last two digits: enough to tell two test numbers apart, too little to call.</summary>
    public override string ToString() => E164 is null ? "" : $"{E164[..2]}{new string('*', E164.Length - 4)}{E164[^2..]}";
}
