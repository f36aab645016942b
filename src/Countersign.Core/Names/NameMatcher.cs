// Not "Matching": that is a state of a flow, and would hide it from the rest of Core.
namespace Countersign.Core.Names;

/// <summary>
/// Does this name belong to this record? Pure, the same in either order of its arguments but for initials (<see cref="MatchPolicy"/>), and
/// never throws on any text.
/// </summary>
public static class NameMatcher
{
    /// <summary>Of rules and table together: a change that can turn an answer counts it up.</summary>
    public const int Version = 2;

    /// <summary>Where the policy refuses a rule that holds: low enough to differ, high enough for a person to look.</summary>
    private const int ReviewScore = 75;

    /// <summary>How much less swapped names score than the same names in their places.</summary>
    private const int SwappedLess = 2;

    /// <summary>Compares a name with a record, field by field. Texts of any length and content are allowed.</summary>
    public static NameComparison Compare(PersonName recorded, PersonName given, MatchPolicy policy)
    {
        Guards.Drop("I02", ref given, () => given.Given.StartsWith(recorded.Given, StringComparison.Ordinal)
            && given.Family.StartsWith(recorded.Family, StringComparison.Ordinal) ? recorded : given);
        var (one, other) = (ReadName.Of(recorded), ReadName.Of(given));
        var givenNames = FieldMatcher.Compare(one.Given, other.Given, NameKind.Given);
        var familyNames = FieldMatcher.Compare(one.Family, other.Family, NameKind.Family);
        var score = JaroWinkler.Score(one.Plain, other.Plain);
        if (givenNames.Score == 0 && familyNames.Score == 0 && one.IsReadable && other.IsReadable
            && Swapped(recorded, given, one, other) is { } swapped)
        {
            return new NameComparison(swapped, swapped, score);
        }
        // One slip in a whole name is a slip; a slip and an initial, or two slips, leave too little that agrees.
        var isWeak = givenNames.Typos + familyNames.Typos > 1
            || (givenNames.Typos + familyNames.Typos > 0 && givenNames.Initials != Initials.None);
        return new NameComparison(Decide(givenNames, policy, isWeak), Decide(familyNames, policy, isWeak), score);
    }

    /// <summary>
    /// Both names can be read, and the first of each is more than one letter. Less is not enough where nobody has shown that they hold the
    /// phone: a letter is guessed at once, and a source may take it for either name.
    /// </summary>
    public static bool HasFullNames(PersonName name)
    {
        return IsFull(name.Given, NameKind.Given) && IsFull(name.Family, NameKind.Family);

        static bool IsFull(string text, NameKind kind) =>
            NameReader.Read(text, kind) is { Problem: null, Core: [var first, ..] } && !first.IsBareLetter;
    }

    /// <summary>The name in one spelling, as far as letters, accents and titles go: what differs by them alone is one name.</summary>
    public static string Fold(PersonName name)
    {
        return $"{Folded(name.Given, NameKind.Given)}\n{Folded(name.Family, NameKind.Family)}";

        static string Folded(string text, NameKind kind) => NameReader.Read(text, kind) is { Problem: null, Words: var words }
            ? string.Join(' ', words.Select(word => word.Text))
            : text.ToUpperInvariant();
    }

    private static FieldComparison Decide(FieldReading reading, MatchPolicy policy, bool isWeak)
    {
        var isRefused = (reading.Typos > 0 && (!policy.AllowsTypos || isWeak)) || (reading.Initials & ~policy.Initials) != Initials.None;
        var score = isRefused ? Math.Min(reading.Score, ReviewScore) : reading.Score;
        var rule = isRefused && reading.Typos > 0 ? MatchRule.Typo : isRefused ? MatchRule.Initial : reading.Rule;
        var match = rule.Rank >= MatchRule.ScriptNotComparable.Rank ? IdentityMatch.NotAvailable
            : score >= MatchPolicy.MinimumScore ? IdentityMatch.Matched
            : IdentityMatch.Differs;
        return new FieldComparison(match, score, rule);
    }

    /// <summary>The best of two readings: the record has its names in their places, or the other name has.</summary>
    private static FieldComparison? Swapped(PersonName recorded, PersonName given, ReadName one, ReadName other)
    {
        var score = Math.Max(Agreement(one, ReadName.Exchanged(given)), Agreement(ReadName.Exchanged(recorded), other)) - SwappedLess;
        return score < MatchPolicy.MinimumScore ? null : new FieldComparison(IdentityMatch.Matched, score, MatchRule.Swapped);
    }

    /// <returns>The lower score; 0 when a typo or an initial is needed: with changed places that leaves too little that agrees.</returns>
    private static int Agreement(ReadName one, ReadName other)
    {
        var familyNames = FieldMatcher.Compare(one.Family, other.Family, NameKind.Family);
        if (!Holds(familyNames))
        {
            return 0;
        }
        var givenNames = FieldMatcher.Compare(one.Given, other.Given, NameKind.Given);
        return Holds(givenNames) ? Math.Min(givenNames.Score, familyNames.Score) : 0;

        static bool Holds(FieldReading reading) => reading is { Score: >= MatchPolicy.MinimumScore, Typos: 0, Initials: Initials.None };
    }
}
