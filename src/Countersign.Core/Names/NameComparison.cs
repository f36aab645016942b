namespace Countersign.Core.Names;

/// <summary>How a name compares with a record. Holds nothing of either.</summary>
/// <param name="JaroWinkler">0 to 99, letter by letter, for information only: it decides nothing.</param>
public sealed record NameComparison(FieldComparison Given, FieldComparison Family, int JaroWinkler)
{
    /// <summary>Differs when either field does; else not available when either field is; else matched.</summary>
    public IdentityMatch Match =>
        Given.Match == IdentityMatch.Differs || Family.Match == IdentityMatch.Differs ? IdentityMatch.Differs
        : Given.Match == IdentityMatch.NotAvailable || Family.Match == IdentityMatch.NotAvailable ? IdentityMatch.NotAvailable
        : IdentityMatch.Matched;

    /// <summary>0 to 100: the lower of the fields'.</summary>
    public int Score => Math.Min(Given.Score, Family.Score);
}

/// <param name="Match">Not available when nothing right can be said: never a guess.</param>
/// <param name="Score">0 to 100. From 80 the field matches; 70 to 79 is worth a person's look; 0 when not available.</param>
public sealed record FieldComparison(IdentityMatch Match, int Score, MatchRule Rule);
