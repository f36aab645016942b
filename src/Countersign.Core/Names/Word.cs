using System.Globalization;
using System.Text;

namespace Countersign.Core.Names;

/// <summary>One word of a name, ready to compare.</summary>
internal sealed class Word
{
    /// <param name="written">As it stands in the name.</param>
    /// <param name="text">Folded within its script: two words of one script with one text are the same.</param>
    /// <param name="spellings">In Latin letters where the script has such; the text alone otherwise. The first is the plainest.</param>
    public Word(string written, string text, Scripts scripts, params string[] spellings) =>
        (Written, Text, Scripts, Spellings) = (written, text, scripts, spellings);

    public string Written { get; }

    public string Text { get; }

    public Scripts Scripts { get; }

    public string[] Spellings { get; }

    /// <summary>One letter of an alphabet: an initial, not a name. One Chinese character or one Hangul syllable is a name.</summary>
    public bool IsOneLetter => Text.Length == 1 && (Scripts & ~Scripts.Alphabets) == Scripts.None;

    /// <summary>
    /// One letter as it is written, whatever it is folded to (Þ, Æ) and whatever stands on it or clings to it (O'B, Mc D), of any script
    /// whose letters are no names: an initial to whoever reads it as one.
    /// </summary>
    public bool IsBareLetter => Last is { } last ? last.IsBareLetter : HasNoTwoLetters() && !IsNameOfOneLetter;

    /// <summary>Chinese characters, Hangul syllables, and in South-East Asia a letter with its vowel.</summary>
    private bool IsNameOfOneLetter =>
        Scripts == Scripts.Han || (Scripts == Scripts.Hangul && Text[0] >= '\uAC00')
            || (Text.Length > 1 && (Scripts & Scripts.SouthEastAsian) != Scripts.None);

    /// <summary>Of a joined word, what the first clings to.</summary>
    private Word? Last { get; init; }

    /// <summary>Both written as one word; null when they are of different scripts.</summary>
    public static Word? Join(Word first, Word second) => first.Scripts != second.Scripts
        ? null
        : new Word(
            first.Written + second.Written,
            first.Text + second.Text,
            first.Scripts,
            first.Spellings.Length == 1 && second.Spellings.Length == 1
                ? [first.Spellings[0] + second.Spellings[0]]
                : [first.Spellings[0] + second.Spellings[0], first.Spellings[^1] + second.Spellings[^1]]) { Last = second };

    public static Word? Join(IReadOnlyList<Word> words)
    {
        var joined = words.Count == 0 ? null : words[0];
        for (var i = 1; i < words.Count && joined is not null; i++)
        {
            joined = Join(joined, words[i]);
        }
        return joined;
    }

    /// <summary>No two letters stand side by side.</summary>
    private bool HasNoTwoLetters()
    {
        var isAfterLetter = false;
        foreach (var rune in Written.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            // Kana in half width have their marks as letters.
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                || (category == UnicodeCategory.ModifierLetter && Scripts == Scripts.Kana))
            {
                continue;
            }
            var isLetter = Rune.IsLetter(rune) && category != UnicodeCategory.ModifierLetter;
            if (isLetter && isAfterLetter)
            {
                return false;
            }
            isAfterLetter = isLetter;
        }
        return true;
    }

    public override string ToString() => "***";
}
