using System.Text;

namespace Countersign.Core.Possession;

/// <summary>
/// A code as people type it, in the digits of their keyboard and grouped as they like. One reading for all places where a code is typed,
/// applied before anything is compared or counted.
/// </summary>
public static class TypedCode
{
    /// <summary>
    /// Every decimal digit of Unicode becomes its ASCII digit; white space, hyphens, dashes and invisible characters are dropped. All else
    /// stays as it is, so that what cannot be right is still an entry.
    /// </summary>
    public static string Read(string text)
    {
        var code = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Characters.DigitOf(rune) is { } digit)
            {
                code.Append(digit);
            }
            else if (!Rune.IsWhiteSpace(rune) && !Characters.IsDash(rune) && !Characters.IsInvisible(rune))
            {
                code.Append(rune);
            }
        }
        return code.ToString();
    }
}
