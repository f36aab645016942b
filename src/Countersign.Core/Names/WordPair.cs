namespace Countersign.Core.Names;

/// <summary>How two words of one kind of name compare, order and neighbours aside.</summary>
internal static class WordPair
{
    /// <summary>Of the longer one. Shorter names have too many neighbours that are names (Jan, Jon, Jana).</summary>
    private const int MinTypoLength = 5;

    /// <summary>From here on two slips are as telling as one is in a short word.</summary>
    private const int MinTwoSlipsLength = 9;

    /// <returns>The rule by which they are the same, <see cref="MatchRule.OtherName"/> when only the guard speaks against a typo, or
    /// null.</returns>
    public static MatchRule? Compare(Word one, Word other, NameKind kind) =>
        Same(one, other) ?? NameTable.Of(kind).Relation(one, other) ?? Slip(one, other);

    /// <summary>
    /// One word, whatever the letters: <see cref="MatchRule.Folded"/> or <see cref="MatchRule.Transliterated"/>; null when it is not.
    /// </summary>
    public static MatchRule? Same(Word one, Word other)
    {
        if (one.Scripts == other.Scripts)
        {
            if (one.Text == other.Text)
            {
                return MatchRule.Folded;
            }
            return one.Scripts == Scripts.Latin && SharesSpelling(one, other) ? MatchRule.Folded : null;
        }
        return (one.Scripts, other.Scripts) switch
        {
            (Scripts.Latin, var script) when Romanisation.IsRomanised(script) && Spells(one, other) => MatchRule.Transliterated,
            (var script, Scripts.Latin) when Romanisation.IsRomanised(script) && Spells(other, one) => MatchRule.Transliterated,
            _ => null,
        };
    }

    /// <summary>One of them is one letter, and the other begins with it, in its own script or written in Latin.</summary>
    public static bool IsInitial(Word one, Word other)
    {
        if (!one.IsOneLetter && !other.IsOneLetter)
        {
            return false;
        }
        var (initial, word) = one.IsOneLetter ? (one, other) : (other, one);
        if (initial.Scripts == word.Scripts)
        {
            return Array.Exists(initial.Spellings, letter =>
                Array.Exists(word.Spellings, spelling => spelling.StartsWith(letter, StringComparison.Ordinal)))
                || word.Text.StartsWith(initial.Text, StringComparison.Ordinal);
        }
        return (initial.Scripts, word.Scripts) switch
        {
            (Scripts.Latin, var script) when Romanisation.IsRomanised(script) => Romanisation.Begins(initial.Text, word.Text),
            (var script, Scripts.Latin) when Romanisation.IsRomanised(script) => Romanisation.IsBegunBy(word.Text, initial.Text),
            _ => false,
        };
    }

    private static bool SharesSpelling(Word one, Word other)
    {
        foreach (var a in one.Spellings)
        {
            if (Array.IndexOf(other.Spellings, a) >= 0)
            {
                return true;
            }
        }
        return false;
    }

    private static bool Spells(Word latin, Word other) =>
        Array.Exists(latin.Spellings, spelling => Romanisation.Spells(spelling, other.Text));

    private static MatchRule? Slip(Word one, Word other)
    {
        if (one.Scripts != other.Scripts || (one.Scripts & Scripts.Alphabets) == Scripts.None)
        {
            return null;
        }
        var (a, b) = (one.Text, other.Text);
        if (Math.Max(a.Length, b.Length) < MinTypoLength)
        {
            return null;
        }
        var max = Math.Min(a.Length, b.Length) >= MinTwoSlipsLength ? 2 : 1;
        if (EditDistance.Between(a, b, max) > max)
        {
            return null;
        }
        return AreTwoNames(a, b) || (NameTable.IsKnown(one.Spellings[0]) && NameTable.IsKnown(other.Spellings[0])) ? MatchRule.OtherName
            : MatchRule.Typo;
    }

    /// <summary>The guard: Maria and Mario, Fernandez and Hernandez, Daniel and Daniela are different people.</summary>
    private static bool AreTwoNames(string one, string other) =>
        (NameTable.IsKnown(one) && NameTable.IsKnown(other))
        // Fingers slip within a word; its first letter is written with care, and what differs there is another name.
        || (one[0] != other[0] && one[0] != other[1] && one[1] != other[0])
        // The last vowel tells man from woman and one language from another, a last s the family from the first name.
        || (Stem(one).SequenceEqual(Stem(other)) && !IsDoubled(one, other) && !IsDoubled(other, one));

    /// <summary>The last letter hit twice.</summary>
    private static bool IsDoubled(string one, string other) =>
        one.Length == other.Length + 1 && one[^1] == one[^2] && one.StartsWith(other, StringComparison.Ordinal);

    private static ReadOnlySpan<char> Stem(string name) =>
        "aeiouysаеиоуыя".Contains(name[^1], StringComparison.Ordinal) ? name.AsSpan(0, name.Length - 1) : name;
}
