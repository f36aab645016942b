using Countersign.Core.IdentityMatching;

namespace Countersign.Core.PreFill;

/// <summary>What may happen to a pre-fill flow. A closed set.</summary>
public abstract record PreFillEvent
{
    private PreFillEvent() { }

    public sealed record PossessionSettled : PreFillEvent;

    public sealed record PossessionFailed : PreFillEvent;

    /// <summary>The relying party asked, and is told what comes next.</summary>
    public sealed record ValidateAsked(StartShape Shape) : PreFillEvent;

    /// <summary>The relying party wants nothing of it any more.</summary>
    public sealed record Cancelled : PreFillEvent;

    public sealed record ChallengeAsked : PreFillEvent;

    /// <param name="LeaseExpiresAt">Of the asking that is answered: an answer to an earlier one, taken over since, is too late.</param>
    /// <param name="Refusal">Why possession was not accepted although it was proven; null when it was.</param>
    public sealed record ChallengeAnswered(DateTimeOffset LeaseExpiresAt, RiskRefusal? Refusal = null) : PreFillEvent;

    public sealed record CompleteAsked : PreFillEvent;

    /// <param name="LeaseExpiresAt">Of the asking that is answered.</param>
    /// <param name="Refusal">Why possession was not accepted although it was proven; null when it was.</param>
    public sealed record CompleteAnswered(DateTimeOffset LeaseExpiresAt, RiskRefusal? Refusal = null) : PreFillEvent;
}
