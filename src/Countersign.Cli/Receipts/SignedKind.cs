namespace Countersign.Cli.Receipts;

/// <summary>
/// What this server signs for others to keep: each kind has a type and an audience of its own, so that none passes for another.
/// </summary>
/// <param name="Noun">What it is called, and the member of the answer that has it.</param>
/// <param name="Source">The answer that has it.</param>
/// <param name="Repeated">What that answer says a second time beside it: a member, and the claim that it must agree with.</param>
internal sealed record SignedKind(
    string Noun, string Type, string Audience, string Source, IReadOnlyList<(string Member, string Claim)> Repeated)
{
    /// <summary>It commits to what disclosures open.</summary>
    public bool Commits { get; init; } = true;

    public static SignedKind Receipt { get; } = new(
        "receipt", "cs-receipt+sd-jwt", "countersign-receipt", "the answer of GET /flows/…/receipt",
        [("correlationId", "correlationId")]);

    public static SignedKind Erasure { get; } = new(
        "proof", "cs-erasure+sd-jwt", "countersign-erasure", "what countersign erase has written",
        [("erasureId", "erasure"), ("erasedAt", "iat"), ("erased", "erased"), ("kept", "kept")]);

    public override string ToString() => Noun;
}
