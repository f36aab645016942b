namespace Countersign.Core.PreFill;

/// <summary>What may happen to a pre-fill flow. A closed set.</summary>
public abstract record PreFillEvent
{
    private PreFillEvent() { }

    public sealed record PossessionSettled : PreFillEvent;

    public sealed record PossessionFailed : PreFillEvent;

    /// <summary>The relying party asked, and is told what comes next.</summary>
    public sealed record ValidateAsked(StartShape Shape) : PreFillEvent;

    public sealed record ChallengeAsked : PreFillEvent;

    public sealed record ChallengeAnswered : PreFillEvent;

    public sealed record CompleteAsked : PreFillEvent;

    public sealed record CompleteAnswered : PreFillEvent;
}
