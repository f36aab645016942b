namespace Countersign.Core.Texts;

/// <summary>
/// What a flow's timeline says of a text: only what went otherwise than it should, and what was done about it. It names gateways and holds
/// nothing personal.
/// </summary>
public static class TextNews
{
    public static IEnumerable<FlowEvent> Between(TextFate before, TextEvent happened, TextFate after, DateTimeOffset now)
    {
        if (ReferenceEquals(before, after) || before == after)
        {
            yield break;
        }
        switch (happened)
        {
            case TextEvent.Begun when before.State == TextState.Sent:
                yield return new(now, FlowEventCode.TextStuck) { Gateway = Silent(before) };
                break;
            case TextEvent.GivenUp when before.State is TextState.Unknown or TextState.Sent
                && before.Attempts.Any(attempt => attempt.State == AttemptState.NoAnswer):
                yield return new(now, FlowEventCode.TextUnknown) { Gateway = Last(before, AttemptState.NoAnswer) };
                break;
            case TextEvent.GivenUp when before is { State: TextState.Sent }:
                yield return new(now, FlowEventCode.TextStuck) { Gateway = Silent(before), Reason = FlowReason.NoGatewayLeft };
                break;
            default:
                var number = TextEvent.AttemptOf(happened);
                if (after.Attempt(number) is { } present && present != before.Attempt(number)
                    && CodeOf(present, isFirst: number == 1) is { } code)
                {
                    yield return new(now, code)
                    {
                        Gateway = present.Gateway,
                        Reason = present.State == AttemptState.Refused ? CodeOf(present.Why) : null,
                        OperatorWord = code is FlowEventCode.TextRefused or FlowEventCode.TextUndelivered or FlowEventCode.TextExpired
                            ? present.NetworkError : null,
                    };
                }
                break;
        }
    }

    /// <summary>Why no text could be sent.</summary>
    public static string CodeOf(SmsRefusal? why) => why switch
    {
        null => FlowReason.NoGateway,
        SmsRefusal.InvalidDestination => FlowReason.InvalidDestination,
        SmsRefusal.BlockedDestination => FlowReason.BlockedDestination,
        SmsRefusal.OptedOut => FlowReason.OptedOut,
        SmsRefusal.SenderNotAllowed => FlowReason.SenderNotAllowed,
        SmsRefusal.ContentRejected => FlowReason.ContentRejected,
        SmsRefusal.Throttled => FlowReason.Throttled,
        SmsRefusal.AuthFailed => FlowReason.AuthFailed,
        SmsRefusal.InsufficientCredit => FlowReason.InsufficientCredit,
        SmsRefusal.ProviderDown => FlowReason.ProviderDown,
        SmsRefusal.Expired => FlowReason.TooLittleTime,
        SmsRefusal.NotWritten => FlowReason.NotWritten,
        _ => FlowReason.Refused,
    };

    private static string? CodeOf(TextAttempt attempt, bool isFirst) => attempt.State switch
    {
        AttemptState.NoAnswer => FlowEventCode.TextUnanswered,
        AttemptState.Refused => FlowEventCode.TextRefused,
        AttemptState.Undelivered => FlowEventCode.TextUndelivered,
        AttemptState.Expired => FlowEventCode.TextExpired,
        // Of a text that went as it should, its flow has no need to speak.
        AttemptState.Accepted when !isFirst => FlowEventCode.TextAccepted,
        AttemptState.Delivered when !isFirst => FlowEventCode.TextDelivered,
        _ => null,
    };

    private static GatewayName Silent(TextFate fate) => Last(fate, AttemptState.Accepted);

    private static GatewayName Last(TextFate fate, AttemptState state) => fate.Attempts.Last(attempt => attempt.State == state).Gateway;
}
