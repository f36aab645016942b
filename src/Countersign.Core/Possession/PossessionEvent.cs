namespace Countersign.Core.Possession;

/// <summary>What may happen to a proof of possession. A closed set.</summary>
public abstract record PossessionEvent
{
    private PossessionEvent() { }

    /// <summary>A method began and its challenge is on the way.</summary>
    public sealed record ChallengeSent(PossessionMethod Method, Challenge Challenge) : PossessionEvent;

    /// <summary>The same challenge was sent again, with its new deadline.</summary>
    public sealed record Resent(Challenge Challenge) : PossessionEvent;

    /// <summary>The person gave another number, to which the method sent a challenge; the former challenge is dead.</summary>
    public sealed record NumberChanged(PossessionMethod Method, Challenge Challenge) : PossessionEvent;

    public sealed record ProofAccepted : PossessionEvent;

    /// <summary>The method proved at once, by a challenge that the auth token had carried.</summary>
    public sealed record ProvenAtOnce(PossessionMethod Method) : PossessionEvent;

    /// <summary>The text of the running challenge was told not delivered, and no other that carries it may have been.</summary>
    public sealed record TextUndelivered(PossessionMethod Method) : PossessionEvent;

    /// <param name="Reason">A code of <see cref="FlowReason"/>, or an adapter's own plain words, nothing personal in them; null when there
    /// is nothing to add.</param>
    public sealed record ProofRejected(string? Reason = null) : PossessionEvent;

    /// <summary>The method named cannot prove anything here.</summary>
    /// <param name="Reason">A code of <see cref="FlowReason"/>, or an adapter's own plain words, nothing personal in them; null when there
    /// is nothing to add.</param>
    public sealed record MethodUnavailable(PossessionMethod Method, string? Reason = null) : PossessionEvent;

    /// <summary>What the method named needs next is more than may be done for the line.</summary>
    public sealed record BudgetSpent(PossessionMethod Method) : PossessionEvent;

    /// <summary>The clock was read; if the deadline has passed, so has the challenge.</summary>
    public sealed record Expired : PossessionEvent;

    public sealed record GivenUp : PossessionEvent;

    /// <summary>"This was not me."</summary>
    public sealed record Declined : PossessionEvent;

    /// <summary>The relying party wants nothing of it any more.</summary>
    public sealed record Cancelled : PossessionEvent;
}
