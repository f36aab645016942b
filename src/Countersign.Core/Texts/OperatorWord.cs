using System.Text.RegularExpressions;

namespace Countersign.Core.Texts;

/// <summary>
/// An operator's own word for why. It may be anything, so what could be a number is masked and what cannot be printed is left out.
/// </summary>
public static partial class OperatorWord
{
    private const int MaxCharacters = 64;
    private const int MaxCodeLength = 5;

    /// <returns>At most 64 visible characters; null when nothing is left.</returns>
    public static string? Harmless(string? word)
    {
        if (word is null)
        {
            return null;
        }
        var visible = string.Concat(word.Where(c => c is >= ' ' and <= '~').Take(MaxCharacters)).Trim();
        return visible.Length == 0 ? null
            // Most operators have codes and no words.
            : visible.Length <= MaxCodeLength && visible.All(char.IsAsciiDigit) ? visible
            : StatusOrDigits().Replace(visible, match => match.Value.StartsWith("0x", StringComparison.Ordinal) ? match.Value : "*");
    }

    // SMPP's status codes, which stay, or else four digits and more, however they are set apart.
    [GeneratedRegex("(?<![0-9A-Za-z])0x[0-9A-Fa-f]{8}(?![0-9A-Za-z])|[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){3,}", RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatusOrDigits();
}
