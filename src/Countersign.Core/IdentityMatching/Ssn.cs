using System.Diagnostics.CodeAnalysis;

namespace Countersign.Core.IdentityMatching;

/// <summary>A social security number, whole or its last four digits. Prints nothing of itself.</summary>
public sealed record Ssn
{
    private const int WholeLength = 9;
    private const int LastFourLength = 4;

    private Ssn(string digits) => Digits = digits;

    /// <summary>Nine digits or four, in clear: for comparing and for the answer that asks for it.</summary>
    public string Digits { get; }

    public string LastFour => Digits[^LastFourLength..];

    /// <summary>The last four digits of what may be an SSN, however it is written; all of it where it has no more.</summary>
    public static string LastFourOf(string text) =>
        string.Concat(text.Where(char.IsDigit)) is { Length: > LastFourLength } digits ? digits[^LastFourLength..] : text;

    public bool IsWhole => Digits.Length == WholeLength;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Ssn? ssn)
    {
        ssn = text is { Length: WholeLength or LastFourLength } && !text.AsSpan().ContainsAnyExceptInRange('0', '9') ? new Ssn(text) : null;
        return ssn is not null;
    }

    public static Ssn Parse(string text) => TryParse(text, out var ssn) ? ssn : throw new FormatException("Not a social security number.");

    /// <summary>True when what is given agrees with this one as far as both are known.</summary>
    public bool AgreesWith(Ssn given) => LastFour == given.LastFour && (!IsWhole || !given.IsWhole || Digits == given.Digits);

    public override string ToString() => "***";
}
