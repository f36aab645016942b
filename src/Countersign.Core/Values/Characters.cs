using System.Globalization;
using System.Text;

namespace Countersign.Core;

/// <summary>What characters are to the eye, whatever their code points: for text that is read as people, or phones, see it.</summary>
public static class Characters
{
    // Normalisation throws on it, as on half a surrogate pair; neither is a character.
    private const int NoCharacter = 0xFFFE;

    /// <summary>
    /// A format character, or another that Unicode lets programs leave out (Default_Ignorable_Code_Point): joiners, direction and byte
    /// order marks, variation selectors, fillers.
    /// </summary>
    public static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value is
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F)
        or (>= 0x2060 and <= 0x206F)
        or 0x3164
        or (>= 0xFE00 and <= 0xFE0F)
        or 0xFFA0
        or (>= 0xFFF0 and <= 0xFFF8)
        or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>A hyphen, dash or minus of any kind, or what stands for one on a keyboard.</summary>
    public static bool IsDash(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DashPunctuation || rune.Value is
        // modifier minus, hyphen bullet, swung dash, raised, lowered and plain minus
        0x02D7 or 0x2043 or 0x2053 or 0x207B or 0x208B or 0x2212
        or 0x30FC or 0xFF70; // the long vowel mark is on the minus key of Japanese keyboards

    /// <summary>The ASCII digit of a decimal digit of any script; null for all else.</summary>
    public static char? DigitOf(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)Rune.GetNumericValue(rune)) : null;

    /// <summary>
    /// The text as it looks: without invisible characters, compatibility forms (full-width letters, ligatures, mathematical letters) as the
    /// characters they stand for (NFKC), decimal digits of every script as ASCII digits. Takes any string, broken ones too.
    /// </summary>
    public static string Fold(string text)
    {
        var visible = string.Concat(text.EnumerateRunes().Where(rune => !IsInvisible(rune)));
        var folded = new StringBuilder(visible.Length);
        foreach (var rune in Normalize(visible, NormalizationForm.FormKC).EnumerateRunes())
        {
            _ = DigitOf(rune) is { } digit ? folded.Append(digit) : folded.Append(rune);
        }
        return folded.ToString();
    }

    /// <summary>The text in a form of Unicode, without what is no character. Takes any string, broken ones too.</summary>
    public static string Normalize(string text, NormalizationForm form) =>
        // Half a surrogate pair becomes the replacement character by being read as a rune.
        string.Concat(text.EnumerateRunes().Where(rune => rune.Value != NoCharacter)).Normalize(form);
}
