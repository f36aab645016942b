namespace Countersign.Core.Texts;

/// <summary>What may happen to a text. A closed set.</summary>
public abstract record TextEvent
{
    private TextEvent() { }

    /// <summary>It is about to be handed to this gateway.</summary>
    /// <param name="Cost">What it may cost; null where nothing is counted.</param>
    public sealed record Begun(GatewayName Gateway, bool AwaitsHandover, AttemptCost? Cost = null) : TextEvent;

    /// <summary>Only a gateway that was asked before is left, and it is to be asked again no earlier than this.</summary>
    public sealed record Postponed(DateTimeOffset Until) : TextEvent;

    /// <summary>No gateway is left to try.</summary>
    public sealed record GivenUp : TextEvent;

    /// <summary>It is of no use any more: its life is over, or its flow has gone on without it.</summary>
    public sealed record Dropped : TextEvent;

    /// <summary>The gateway of this attempt answered that it has the text.</summary>
    public sealed record Taken(int Attempt) : TextEvent;

    /// <summary>The gateway of this attempt answered that it does not take the text.</summary>
    /// <param name="AgainAt">From when on it may be asked again; null when it must not.</param>
    public sealed record TurnedDown(int Attempt, SmsRefusal Why, DateTimeOffset? AgainAt = null) : TextEvent;

    /// <summary>No answer came in time, or whoever waited for it died.</summary>
    public sealed record Unanswered(int Attempt) : TextEvent;

    /// <summary>A receipt for this attempt.</summary>
    public sealed record Received(int Attempt, ReceiptState State, string? NetworkError = null) : TextEvent;

    /// <summary>The attempt it is about, from 1; 0 when it is about the text.</summary>
    internal static int AttemptOf(TextEvent happened) => happened switch
    {
        Taken e => e.Attempt,
        TurnedDown e => e.Attempt,
        Unanswered e => e.Attempt,
        Received e => e.Attempt,
        _ => 0,
    };
}
