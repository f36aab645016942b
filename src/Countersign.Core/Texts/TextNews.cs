using Countersign.Core.Flows;

namespace Countersign.Core.Texts;

/// <summary>
/// What a flow's timeline says of a text: only what went otherwise than it should, and what was done about it. It names gateways and holds
/// nothing personal.
/// </summary>
public static class TextNews
{
    public static IEnumerable<TimelineEntry> Between(TextFate before, TextEvent happened, TextFate after, DateTimeOffset now) =>
        Words(before, happened, after).Select(what => new TimelineEntry(now, what));

    /// <summary>Why no text could be sent.</summary>
    public static string Word(SmsRefusal? why) => why switch
    {
        null => "no gateway for this number",
        SmsRefusal.InvalidDestination => "the number cannot receive texts",
        SmsRefusal.BlockedDestination => "the number is blocked",
        SmsRefusal.OptedOut => "the person wants no texts",
        SmsRefusal.SenderNotAllowed => "the sender is not allowed",
        SmsRefusal.ContentRejected => "the wording is not allowed",
        SmsRefusal.Throttled => "too many texts at once",
        SmsRefusal.AuthFailed => "wrong credentials",
        SmsRefusal.InsufficientCredit => "no credit left",
        SmsRefusal.ProviderDown => "not reachable",
        SmsRefusal.Expired => "too little time left",
        _ => "refused",
    };

    /// <summary>Why a gateway, or the operator behind it, did not take or deliver the text, with the operator's own word; null when nothing is known.</summary>
    public static string? ReasonOf(TextAttempt attempt) => (attempt.Why, attempt.NetworkError) switch
    {
        (null, var error) => error,
        ({ } why, _) => Word(why) + Error(attempt),
    };

    private static IEnumerable<string> Words(TextFate before, TextEvent happened, TextFate after)
    {
        if (ReferenceEquals(before, after) || before == after)
        {
            yield break;
        }
        switch (happened)
        {
            case TextEvent.Begun when before.State == TextState.Sent:
                yield return $"{Silent(before)} has not handed the text on";
                break;
            case TextEvent.GivenUp when before.State is TextState.Unknown or TextState.Sent && before.Attempts.Any(attempt => attempt.State == AttemptState.NoAnswer):
                yield return $"nobody knows whether the text was sent: {Last(before, AttemptState.NoAnswer)} did not answer";
                break;
            case TextEvent.GivenUp when before is { State: TextState.Sent }:
                yield return $"{Silent(before)} has not handed the text on, and no other gateway is left";
                break;
            default:
                var number = TextEvent.AttemptOf(happened);
                if (after.Attempt(number) is { } present && present != before.Attempt(number) && Word(present, isFirst: number == 1) is { } word)
                {
                    yield return word;
                }
                break;
        }
    }

    private static string? Word(TextAttempt attempt, bool isFirst) => attempt.State switch
    {
        AttemptState.NoAnswer => $"{attempt.Gateway} did not answer",
        AttemptState.Refused => $"{attempt.Gateway} did not take the text: {Word(attempt.Why)}{Error(attempt)}",
        AttemptState.Undelivered => $"{attempt.Gateway} could not deliver the text{Error(attempt)}",
        AttemptState.Expired => $"{attempt.Gateway} could not deliver the text in time{Error(attempt)}",
        // Of a text that went as it should, its flow has no need to speak.
        AttemptState.Accepted when !isFirst => $"{attempt.Gateway} has taken the text",
        AttemptState.Delivered when !isFirst => $"{attempt.Gateway} has delivered the text",
        _ => null,
    };

    private static string Error(TextAttempt attempt) => attempt.NetworkError is { } error ? $" ({error})" : "";

    private static string Silent(TextFate fate) => Last(fate, AttemptState.Accepted);

    private static string Last(TextFate fate, AttemptState state) => fate.Attempts.Last(attempt => attempt.State == state).Gateway;
}
