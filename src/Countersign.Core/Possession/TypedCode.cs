using System.Globalization;
using System.Text;

namespace Countersign.Core.Possession;

/// <summary>
/// A code as people type it, in the digits of their keyboard and grouped as they like. One reading for all places where a code is typed,
/// applied before anything is compared or counted.
/// </summary>
public static class TypedCode
{
    /// <summary>
    /// Every decimal digit of Unicode becomes its ASCII digit; white space, hyphens, dashes and invisible characters are dropped. All else stays
    /// as it is, so that what cannot be right is still an entry.
    /// </summary>
    public static string Read(string text)
    {
        var code = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            {
                code.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else if (!IsDropped(rune))
            {
                code.Append(rune);
            }
        }
        return code.ToString();
    }

    private static bool IsDropped(Rune rune) =>
        Rune.IsWhiteSpace(rune) || Invisible.Is(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.DashPunctuation || IsDash(rune);

    /// <summary>What stands for a hyphen on some keyboards and is no dash punctuation in Unicode.</summary>
    private static bool IsDash(Rune rune) => rune.Value is
        0x02D7 or 0x2043 or 0x2053 or 0x207B or 0x208B or 0x2212 // modifier minus, hyphen bullet, swung dash, raised, lowered and plain minus
        or 0x30FC or 0xFF70; // the long vowel mark is on the minus key of Japanese keyboards
}
