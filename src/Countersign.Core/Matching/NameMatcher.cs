using Countersign.Core.Identity;

// Not "Matching": that is a state of a flow, and would hide it from the rest of Core.
namespace Countersign.Core.Names;

/// <summary>Does this name belong to this record? Pure, the same in either order of its arguments, and never throws on any text.</summary>
public static class NameMatcher
{
    /// <summary>Of rules and table together: a change that can turn an answer counts it up.</summary>
    public const int Version = 1;

    public static NameComparison Compare(PersonName recorded, PersonName given, MatchPolicy policy) =>
        new(Field(recorded.Given, given.Given), Field(recorded.Family, given.Family), 0);

    private static FieldComparison Field(string one, string other)
    {
        if (string.IsNullOrWhiteSpace(one) || string.IsNullOrWhiteSpace(other))
        {
            return new FieldComparison(IdentityMatch.NotAvailable, 0, MatchRule.NoName);
        }
        return one == other ? new FieldComparison(IdentityMatch.Matched, 100, MatchRule.Exact)
            : NameRules.Fold(one) == NameRules.Fold(other) ? new FieldComparison(IdentityMatch.Matched, 100, MatchRule.Folded)
            : new FieldComparison(IdentityMatch.Differs, 0, MatchRule.Differs);
    }
}
