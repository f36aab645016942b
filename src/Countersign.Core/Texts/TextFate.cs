using Countersign.Core.Money;

namespace Countersign.Core.Texts;

/// <summary>What has become of a text so far. Immutable; holds nothing personal.</summary>
/// <param name="Attempts">Oldest first; the first is attempt 1.</param>
/// <param name="DueAt">When somebody must look at it again; null when nothing is left to do.</param>
/// <param name="SentAt">When a gateway is first known to have taken it.</param>
public sealed record TextFate(TextState State, IReadOnlyList<TextAttempt> Attempts, DateTimeOffset? DueAt, DateTimeOffset? SentAt)
{
    /// <summary>A text that was just written. Should its process die, somebody else takes it up.</summary>
    public static TextFate Queued(DateTimeOffset now) => new(TextState.Queued, [], now + TextTimes.TakeUp, null);

    /// <summary>As a text is stored: one that is sent beside its flow is due at once, for whoever looks first.</summary>
    public static TextFate Queued(OutgoingText text) =>
        Queued(text.CreatedAt) with { DueAt = text.CreatedAt + (text.IsBeside ? TimeSpan.Zero : TextTimes.TakeUp) };

    /// <summary>Nobody has it any more, and whoever had it last could not deliver it.</summary>
    public bool IsUndelivered =>
        State == TextState.Undelivered || (State == TextState.Expired && Attempts.Any(attempt => attempt.State == AttemptState.Expired));

    public TextAttempt? Attempt(int number) => number >= 1 && number <= Attempts.Count ? Attempts[number - 1] : null;

    /// <summary>True when this gateway has not been asked, or has certainly not taken the text and may be asked again by now.</summary>
    public bool MayAsk(GatewayName gateway, DateTimeOffset now) =>
        Attempts.Where(attempt => attempt.Gateway == gateway).ToArray() is var former
        && former.Length < TextTimes.TriesAtOneGateway
        && former.All(attempt => attempt.State == AttemptState.Refused && attempt.AgainAt <= now);

    /// <summary>What was counted for an attempt that has turned out to cost nothing; null when nothing was.</summary>
    public SpendingCharge? BackSince(TextFate before)
    {
        foreach (var (index, former) in before.Attempts.Index())
        {
            if (former.Cost is { } cost && Attempts[index].Cost is null)
            {
                return cost.ToCharge(former.BegunAt);
            }
        }
        return null;
    }

    public bool Equals(TextFate? other) =>
        other is not null && State == other.State && DueAt == other.DueAt && SentAt == other.SentAt
            && Attempts.SequenceEqual(other.Attempts);

    public override int GetHashCode() => HashCode.Combine(State, DueAt, SentAt, Attempts.Count);

    public override string ToString() => $"{State} after {Attempts.Count}";
}
