namespace Countersign.Core.IdentityMatching;

/// <summary>An identity source's answer. Holds nothing of a name.</summary>
/// <param name="IsSourceDown">True when nobody could be asked: then the match is <see cref="IdentityMatch.NotAvailable"/>, never a
/// guess.</param>
/// <param name="Source">Which source decided it; null where that goes without saying.</param>
/// <param name="Rule">Why, in a word for a support agent (family-differs); null when the source does not tell.</param>
/// <param name="Score">0 to 100; null when the source does not tell.</param>
/// <param name="Matcher">The version of this server's rules and table, where they compared the names.</param>
public sealed record IdentityAnswer(
    IdentityMatch Match, bool IsSourceDown = false, SourceName? Source = null, string? Rule = null, int? Score = null,
    int? Matcher = null)
{
    /// <summary>The rule of an answer that leaves open whether nobody is on record, or another name.</summary>
    public const string NotToldRule = "no-record-or-other-name";

    public static IdentityAnswer SourceDown { get; } = new(IdentityMatch.NotAvailable, IsSourceDown: true);

    /// <summary>The answer without what it says of there being a record.</summary>
    public IdentityAnswer WithoutRecord() => this switch
    {
        { Match: IdentityMatch.Matched } => this,
        { IsSourceDown: true } => SourceDown,
        _ => new IdentityAnswer(IdentityMatch.Differs, Rule: NotToldRule),
    };

    public override string ToString() => Match.ToString();
}
