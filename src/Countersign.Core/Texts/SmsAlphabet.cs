using System.Collections.Frozen;
using System.Text;

namespace Countersign.Core.Texts;

/// <summary>
/// What a text is written in on the air, and how many segments it takes (3GPP TS 23.038: 160 septets, or 70 UTF-16 units; 153 and 67 when
/// it is cut).
/// </summary>
public static class SmsAlphabet
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;"
            + "<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    // These cost two septets: an escape and the character.
    private const string Extension = "^{}\\[~]|€\f";

    // What word processors make of typewriter characters, and nothing else: a name is never written in other letters.
    private static readonly FrozenDictionary<char, string> _typewritten = new Dictionary<char, string>
    {
        ['\u2018'] = "'",
        ['\u2019'] = "'",
        ['\u201A'] = "'",
        ['\u201B'] = "'",
        ['\u201C'] = "\"",
        ['\u201D'] = "\"",
        ['\u201E'] = "\"",
        ['\u201F'] = "\"",
        ['\u2010'] = "-",
        ['\u2011'] = "-",
        ['\u2012'] = "-",
        ['\u2013'] = "-",
        ['\u2014'] = "-",
        ['\u2015'] = "-",
        ['\u2026'] = "...",
        ['\u00A0'] = " ",
        ['\u2007'] = " ",
        ['\u2009'] = " ",
        ['\u202F'] = " ",
    }.ToFrozenDictionary();

    /// <summary>The dearest alphabet that a character of the text asks for: one is enough for the whole text.</summary>
    public static SmsEncoding EncodingOf(string text) => FirstForeign(text) is null ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;

    /// <summary>The first character that the cheap alphabet lacks; null when it has them all.</summary>
    public static Rune? FirstForeign(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (SeptetsOf(rune) == 0)
            {
                return rune;
            }
        }
        return null;
    }

    public static int CountSegments(string text) => EncodingOf(text) == SmsEncoding.Gsm7
        ? Count(text, whole: 160, part: 153, SeptetsOf)
        : Count(text, whole: 70, part: 67, rune => rune.Utf16SequenceLength);

    /// <summary>
    /// The text with typographic quotation marks, dashes, dots and spaces as a typewriter has them, when that alone makes it cheap;
    /// otherwise the text as it is.
    /// </summary>
    public static string Simplify(string text)
    {
        if (EncodingOf(text) == SmsEncoding.Gsm7)
        {
            return text;
        }

        var simple = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = _typewritten.TryGetValue(character, out var typewritten) ? simple.Append(typewritten) : simple.Append(character);
        }
        var result = simple.ToString();
        return EncodingOf(result) == SmsEncoding.Gsm7 ? result : text;
    }

    private static int SeptetsOf(Rune rune) =>
        !rune.IsBmp ? 0
        : Basic.Contains((char)rune.Value, StringComparison.Ordinal) ? 1
        : Extension.Contains((char)rune.Value, StringComparison.Ordinal) ? 2
        : 0;

    private static int Count(string text, int whole, int part, Func<Rune, int> costOf)
    {
        var (all, segments, inSegment) = (0, 1, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var cost = costOf(rune);
            all += cost;
            // An escape stays with its character and a surrogate with its other half, so a segment may end one short.
            if (inSegment + cost > part)
            {
                segments++;
                inSegment = 0;
            }
            inSegment += cost;
        }
        return all <= whole ? 1 : segments;
    }
}

/// <summary>What a text is written in on the air.</summary>
public enum SmsEncoding
{
    /// <summary>The default alphabet and its extension: Western European letters.</summary>
    Gsm7,

    /// <summary>Everything else, at less than half the length.</summary>
    Ucs2,
}
