using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Names;

namespace Countersign.Providers.Records;

/// <summary>Compares a name with a record, with its middle names and without: people write both.</summary>
internal static class RecordedNames
{
    public static NameComparison Compare(PersonRecord record, PersonName name, MatchPolicy policy)
    {
        var recorded = record.Person.Name!;
        var plain = NameMatcher.Compare(recorded, name, policy);
        if (record.MiddleNames is not { } middle)
        {
            return plain;
        }
        var whole = NameMatcher.Compare(new PersonName($"{recorded.Given} {middle}", recorded.Family), name, policy);
        return (RankOf(whole.Match), whole.Score).CompareTo((RankOf(plain.Match), plain.Score)) > 0 ? whole : plain;
    }

    /// <summary>A record of nobody, to compare with where there is none: so that the time does not tell whether there is one.</summary>
    public static PersonRecord Nobody { get; } = new(
        PhoneNumber.Parse("+12025550100"), new Person(new PersonName("Walburga", "Oppenheimer"), [], []));

    /// <summary>
    /// The best answer first: of several persons behind a number the one who is meant counts. Who is written in another script may be the
    /// one: that somebody else differs says nothing then.
    /// </summary>
    public static int RankOf(NameComparison names) =>
        IsLeftOpenByScript(names) ? (2 * RankOf(IdentityMatch.Differs)) + 1 : 2 * RankOf(names.Match);

    private static bool IsLeftOpenByScript(NameComparison names) =>
        names.Match == IdentityMatch.NotAvailable
            && (names.Given.Rule == MatchRule.ScriptNotComparable || names.Family.Rule == MatchRule.ScriptNotComparable);

    private static int RankOf(IdentityMatch match) => match switch
    {
        IdentityMatch.Matched => 2,
        IdentityMatch.Differs => 1,
        _ => 0,
    };

    /// <summary>The rule that decided, in a word: the field that differs, or the one that agrees least.</summary>
    public static string RuleOf(NameComparison names)
    {
        var (field, word) = Decides(names) ? (names.Family, "family") : (names.Given, "given");
        return field.Rule == MatchRule.Exact ? field.Rule.Name : $"{word}-{field.Rule.Name}";
    }

    // Where both decide alike, the one that agrees less; the family name where they agree as well, unless there is nothing to tell of it.
    private static bool Decides(NameComparison names) =>
        (names.Family.Match == names.Match, names.Given.Match == names.Match) switch
        {
            (true, true) => names.Family.Score < names.Given.Score
                || (names.Family.Score == names.Given.Score
                    && (names.Match != IdentityMatch.Matched || names.Family.Rule != MatchRule.Exact)),
            (var family, _) => family,
        };
}
