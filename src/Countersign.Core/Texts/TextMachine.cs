using static Countersign.Core.Texts.TextEvent;
using static Countersign.Core.Texts.TextState;

namespace Countersign.Core.Texts;

/// <summary>
/// The rules of a text's fate: fate, event and time in, fate out. A pair that is not in the table changes nothing; the tests hold a list of
/// those, each with its reason.
/// </summary>
public static class TextMachine
{
    public static TextFate Next(TextFate fate, TextEvent happened, DateTimeOffset now) => (fate.State, happened) switch
    {
        // What is done with it.
        (Queued, Begun e) when fate.MayAsk(e.Gateway, now)                             => Begin(fate, e, now),
        (Unknown or Sent, Begun e) when fate.DueAt <= now && fate.MayAsk(e.Gateway, now) => Begin(fate, e, now),
        (Queued or Unknown or Sent, Postponed e) when fate.DueAt is not null           => fate with { DueAt = e.Until },
        (Queued, GivenUp)                                                              => fate with { State = Refused, DueAt = null },
        (Queued, Dropped)                                                              => fate with { State = Expired, DueAt = null },
        // The phone may have it: a receipt may still say so.
        (Unknown or Sent, GivenUp or Dropped)                                          => fate with { DueAt = null },

        // What is learnt of an attempt, whichever it is.
        (Sending or Unknown or Sent or Delivered, Taken or TurnedDown or Unanswered or Received) => Learn(fate, happened, now),

        _ => fate,
    };

    private static TextFate Begin(TextFate fate, Begun begun, DateTimeOffset now) => fate with
    {
        State = Sending,
        Attempts =
        [
            .. fate.Attempts,
            new TextAttempt(begun.Gateway, now, begun.AwaitsHandover, AttemptState.Submitting, now, Cost: begun.Cost),
        ],
        DueAt = now + TextTimes.WithoutAnswer,
    };

    private static TextFate Learn(TextFate fate, TextEvent happened, DateTimeOffset now)
    {
        var number = AttemptOf(happened);
        if (fate.Attempt(number) is not { } former || former.After(happened, now) is var present && present == former)
        {
            return fate;
        }

        TextAttempt[] attempts = [.. fate.Attempts];
        attempts[number - 1] = present;
        var state = StateOf(attempts);
        var isTaken = present.State is not (AttemptState.Submitting or AttemptState.NoAnswer or AttemptState.Refused);
        return new TextFate(state, attempts, DueOf(state, attempts, happened, now), fate.SentAt ?? (isTaken ? now : null));
    }

    /// <summary>
    /// The best that is known of any attempt: one that was delivered makes the text delivered, one that is alive keeps it alive.
    /// </summary>
    private static TextState StateOf(TextAttempt[] attempts) =>
        Any(attempts, AttemptState.Delivered) ? Delivered
        : Any(attempts, AttemptState.Submitting) ? Sending
        : Any(attempts, AttemptState.Accepted) || Any(attempts, AttemptState.Enroute) ? Sent
        : Any(attempts, AttemptState.NoAnswer) ? Unknown
        : Any(attempts, AttemptState.Undelivered) ? Undelivered
        : Any(attempts, AttemptState.Expired) ? Expired
        : Queued;

    private static DateTimeOffset? DueOf(TextState state, TextAttempt[] attempts, TextEvent happened, DateTimeOffset now) => state switch
    {
        Sending => Last(attempts, AttemptState.Submitting).BegunAt + TextTimes.WithoutAnswer,
        // Whoever is still at it asks the next gateway at once; a receipt's sender does not wait for that.
        Queued => happened is Received ? now : now + TextTimes.TakeUp,
        Unknown => DueWithoutAnswer(Last(attempts, AttemptState.NoAnswer)),
        Sent => Any(attempts, AttemptState.Enroute) ? null : DueOfSent(attempts),
        _ => null,
    };

    /// <summary>Where one gateway is stuck and another did not answer, a receipt of either may still come in its time.</summary>
    private static DateTimeOffset? DueOfSent(TextAttempt[] attempts) =>
        DueWithoutHandover(Last(attempts, AttemptState.Accepted)) is not { } stuck ? null
        : Any(attempts, AttemptState.NoAnswer) && DueWithoutAnswer(Last(attempts, AttemptState.NoAnswer)) is var silent && silent > stuck
            ? silent
        : stuck;

    private static DateTimeOffset DueWithoutAnswer(TextAttempt attempt)
    {
        var due = attempt.BegunAt + TextTimes.WithoutAnswer;
        // Found when its process was long dead: while nobody listened, no receipt could come.
        return attempt.ChangedAt < due ? due : attempt.ChangedAt + TextTimes.WithoutAnswer;
    }

    private static DateTimeOffset? DueWithoutHandover(TextAttempt attempt) =>
        attempt.AwaitsHandover ? attempt.ChangedAt + TextTimes.Handover : null;

    private static bool Any(TextAttempt[] attempts, AttemptState state) => Array.Exists(attempts, attempt => attempt.State == state);

    private static TextAttempt Last(TextAttempt[] attempts, AttemptState state) =>
        Array.FindLast(attempts, attempt => attempt.State == state)!;
}
