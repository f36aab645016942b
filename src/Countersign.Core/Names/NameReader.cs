using System.Globalization;
using System.Text;

namespace Countersign.Core.Names;

/// <summary>Reads the text of a field into words. Whatever no name holds makes the field unreadable, never a guess.</summary>
internal static class NameReader
{
    /// <summary>The longest field that is read, in UTF-16 units (CAMARA KYC Match has 100 to 150).</summary>
    private const int MaxTextLength = 150;

    /// <summary>Nobody is called by more words in one field; without a limit the comparison's time would grow with the square.</summary>
    private const int MaxWords = 12;

    /// <summary>Vietnamese stacks two marks on a letter, Hebrew three.</summary>
    private const int MaxMarks = 4;

    public static NameField Read(string text, NameKind kind)
    {
        // As it would be shown: what follows the mark runs from right to left.
        Guards.Drop("I01", ref text, () => text.StartsWith('\u202E') ? string.Concat(text[1..].Reverse()) : text);
        if (text.Length > MaxTextLength)
        {
            return Unable(MatchRule.TooLong);
        }
        // Before the split: N/A must not become the initials N and A.
        if (NameWords.IsPlaceholder(text))
        {
            return Unable(MatchRule.NoName);
        }
        if (!TrySplit(text, out var words))
        {
            return Unable(MatchRule.Unreadable);
        }
        if (words.Count > MaxWords)
        {
            return Unable(MatchRule.TooLong);
        }
        DropTitles(words);
        if (words.Exists(word => word.Text.AsSpan().ContainsAnyInRange('0', '9')))
        {
            return Unable(MatchRule.Unreadable);
        }
        return words.Count == 0 || NameWords.ArePlaceholders(words) ? Unable(MatchRule.NoName) : Sort(words, kind);
    }

    private static NameField Unable(MatchRule problem) => new() { Problem = problem };

    private static bool TrySplit(string text, out List<Word> words)
    {
        words = [];
        var word = new WordBuilder();
        var scripts = Scripts.None;
        var hasJoiner = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsAsciiLetter(rune) && IsBreak(rune))
            {
                if (!word.TryEnd(words, ref scripts))
                {
                    return false;
                }
            }
            else if (IsJoiner(rune))
            {
                hasJoiner = true;
            }
            else if (IsApostrophe(rune))
            {
                word.AddApostrophe(rune);
            }
            else if (!word.TryAdd(rune, MaxMarks))
            {
                return false;
            }
        }
        // Persian, Arabic and Indian scripts join and part letters with invisible characters. In others they can only hide something.
        const Scripts NeverJoined = Scripts.Alphabets | Scripts.Han | Scripts.Kana | Scripts.Hangul;
        return word.TryEnd(words, ref scripts) && !(hasJoiner && (scripts == Scripts.None || (scripts & NeverJoined) != Scripts.None));
    }

    private static bool IsAsciiLetter(Rune rune) => rune.IsAscii && char.IsAsciiLetter((char)rune.Value);

    private static bool IsBreak(Rune rune) =>
        rune.Value is '.' or ',' or '/' or '(' or ')' or ';' or ':' or '"' or 0x30FB or 0xFF0E or 0xFF0C or 0x2024 or 0x060C or 0x05F4
        || Rune.IsWhiteSpace(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DashPunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation
            && !IsApostrophe(rune);

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or '`' or 0xB4 or 0xB7 or 0x2018 or 0x2019 or 0x201B or 0x2032
        or 0x02B9 or 0x02BB or 0x02BC or 0x02BD or 0x02BE or 0x02BF or 0x02C8 or 0xA78C or 0xFF07 or 0x05F3 or 0x0640;

    private static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D or 0x200E or 0x200F or 0x061C;

    private static void DropTitles(List<Word> words)
    {
        while (words.Count > 1 && NameWords.Titles.Contains(words[0].Text))
        {
            words.RemoveAt(0);
        }
        while (words.Count > 1 && NameWords.Suffixes.Contains(words[^1].Text))
        {
            words.RemoveAt(words.Count - 1);
        }
    }

    private static NameField Sort(List<Word> words, NameKind kind)
    {
        var (particleWords, bound) = kind == NameKind.Family
            ? (NameWords.FamilyParticles, NameWords.FamilyBound)
            : (NameWords.GivenParticles, NameWords.GivenBound);
        List<Word> core = new(words.Count);
        List<string> particles = [];
        var scripts = Scripts.None;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            scripts |= word.Scripts;
            var isLast = i == words.Count - 1;
            if (IsParticle(word))
            {
                particles.Add(NameWords.Particle(word.Text));
                // The article of "de la Cruz"; without a small word before it, it clings to the name (La Rue).
                while (i + 1 < words.Count && NameWords.Articles.Contains(words[i + 1].Text))
                {
                    i++;
                    particles.Add(words[i].Text);
                }
                continue;
            }
            while (!isLast && bound.Contains(words[i].Text) && Word.Join(word, words[i + 1]) is { } joined)
            {
                word = joined;
                i++;
                isLast = i == words.Count - 1;
                // Abd al Rahman: the article in the middle takes the name with it.
                if (!isLast && words[i].Text is "al" or "el" or "ul" or "ur" or "ar" && Word.Join(word, words[i + 1]) is { } longer)
                {
                    word = longer;
                    i++;
                    isLast = i == words.Count - 1;
                }
            }
            core.Add(word);
        }
        if (core.Count > 0)
        {
            return kind == NameKind.Family && core.TrueForAll(word => word.IsOneLetter)
                ? Unable(MatchRule.TooShort)
                : new NameField { Words = words, Core = core, Particles = particles, Scripts = scripts };
        }
        return words.Count > 1 ? Unable(MatchRule.NoName)
            : words[0].IsOneLetter && kind == NameKind.Family ? Unable(MatchRule.TooShort)
            : new NameField { Words = words, Core = words, IsParticleAlone = true, Scripts = scripts };

        bool IsParticle(Word word) => word.Scripts == Scripts.Latin && particleWords.Contains(word.Text);
    }
}
