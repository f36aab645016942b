namespace Countersign.Core.Names;

/// <summary>
/// Why two names, or one field of them, count as the same, as different or as not comparable: a word for a support agent.
/// </summary>
/// <remarks>Names are for ever: they stand in timelines and answers. A rule is added, never renamed.</remarks>
public sealed class MatchRule
{
    /// <summary>The best first: of two readings with one score the earlier rule is told.</summary>
    public static readonly MatchRule Exact = new(0, "exact", 100, "The same words, written the same.");
    public static readonly MatchRule Folded = new(
        1, "folded", 100, "The same but for capitals, accents, or letters that have two spellings (ü and ue).");
    public static readonly MatchRule Joined = new(2, "joined", 98, "The same but for spaces and hyphens.");
    public static readonly MatchRule Particle = new(3, "particle", 96, "The same but for small words such as de, van, al.");
    public static readonly MatchRule Reordered = new(4, "reordered", 96, "The same words in another order.");
    public static readonly MatchRule Transliterated = new(5, "transliterated", 95, "One spells the other in another alphabet.");
    public static readonly MatchRule Variant = new(6, "variant", 94, "Two spellings of one name, by the table.");
    public static readonly MatchRule ExtraName = new(7, "extra-name", 94, "One has a further given name that the other leaves out.");
    public static readonly MatchRule MiddleInitial = new(8, "middle-initial", 93, "A middle name is given as its initial.");
    public static readonly MatchRule Nickname = new(9, "nickname", 92, "One is a short or familiar form of the other, by the table.");
    public static readonly MatchRule DoubleBarrelPart = new(
        10, "double-barrel-part", 88, "One is a full part of a family name of several parts.");
    public static readonly MatchRule Typo = new(
        11, "typo", 86, "One or two letters differ, as after a slip of the finger. Counts only where the policy allows typos.");
    public static readonly MatchRule Initial = new(
        12, "initial", 82, "The first given name is given as its initial. Counts only where the policy allows initials.");
    public static readonly MatchRule Swapped = new(13, "swapped", 96, "Given and family name have changed places.");
    public static readonly MatchRule OtherName = new(
        14, "other-name", 0, "A letter or two apart, but both are names of their own (Maria, Mario).");
    public static readonly MatchRule Differs = new(15, "differs", 0, "Different names.");
    public static readonly MatchRule ScriptNotComparable = new(
        16, "script-not-comparable", 0, "Written in scripts that cannot be compared without a table entry.");
    public static readonly MatchRule Unreadable = new(
        17, "unreadable", 0, "Holds what no name holds: invisible characters, symbols, digits, or letters of two alphabets in one word.");
    public static readonly MatchRule TooShort = new(18, "too-short", 0, "One letter is too little to compare.");
    public static readonly MatchRule TooLong = new(19, "too-long", 0, "Longer than any name.");
    public static readonly MatchRule NoName = new(
        20, "no-name", 0, "Nothing is left to compare: empty, a placeholder, or small words only.");

    private MatchRule(int rank, string name, int score, string explanation) =>
        (Rank, Name, Score, Explanation) = (rank, name, score, explanation);

    /// <summary>Every rule, in order.</summary>
    public static IReadOnlyList<MatchRule> All { get; } =
    [
        Exact, Folded, Joined, Particle, Reordered, Transliterated, Variant, ExtraName, MiddleInitial, Nickname, DoubleBarrelPart, Typo,
        Initial, Swapped, OtherName, Differs, ScriptNotComparable, Unreadable, TooShort, TooLong, NoName,
    ];

    /// <summary>Lower case with hyphens.</summary>
    public string Name { get; }

    /// <summary>One sentence or two, without any name in it that was compared.</summary>
    public string Explanation { get; }

    internal int Rank { get; }

    /// <summary>The score of a field by this rule where the policy allows the rule.</summary>
    internal int Score { get; }

    public override string ToString() => Name;
}
