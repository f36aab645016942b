using static Countersign.Core.Texts.TextState;

namespace Countersign.Core.Texts;

/// <summary>What is to be done next with a text. A closed set.</summary>
public abstract record TextStep
{
    private TextStep() { }

    /// <summary>Nothing, now.</summary>
    public sealed record Wait : TextStep;

    /// <summary>Its process died while a gateway was being called.</summary>
    public sealed record Presume(int Attempt) : TextStep;

    public sealed record Submit(GatewayName Gateway) : TextStep;

    public sealed record Postpone(DateTimeOffset Until) : TextStep;

    /// <param name="Why">The last refusal, or that no gateway is for this number.</param>
    public sealed record GiveUp(SmsRefusal? Why) : TextStep;

    /// <summary>Too little of its life is left.</summary>
    public sealed record Expire : TextStep;
}

/// <summary>Decides what is to be done next with a text, from what is known of it and the gateways in their order.</summary>
public static class TextPlan
{
    /// <param name="order">The gateways that may carry it, the preferred first.</param>
    /// <param name="expiresAt">The end of the text's life.</param>
    public static TextStep Next(TextFate fate, IReadOnlyList<GatewayName> order, DateTimeOffset expiresAt, DateTimeOffset now) =>
        fate.State switch
    {
        Sending when fate.DueAt <= now => new TextStep.Presume(SubmittingOf(fate)),
        Queued => Go(fate, order, expiresAt, now),
        Unknown or Sent when fate.DueAt <= now => Go(fate, order, expiresAt, now),
        _ => new TextStep.Wait(),
    };

    /// <summary>No other gateway would fare better.</summary>
    public static bool IsForGood(SmsRefusal why) => why is SmsRefusal.InvalidDestination or SmsRefusal.OptedOut or SmsRefusal.Expired;

    /// <summary>The gateway may take the same text a little later.</summary>
    public static bool IsPassing(SmsRefusal why) => why is SmsRefusal.Throttled or SmsRefusal.ProviderDown or SmsRefusal.NotWritten;

    private static TextStep Go(TextFate fate, IReadOnlyList<GatewayName> order, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        if (now > expiresAt - TextTimes.MinLifetime)
        {
            return fate.State == Queued ? new TextStep.Expire() : new TextStep.GiveUp(Why: null);
        }

        var why = fate.Attempts.LastOrDefault(attempt => attempt.Why is not null)?.Why;
        if (why is { } refusal && IsForGood(refusal))
        {
            return new TextStep.GiveUp(refusal);
        }

        if (order.Where(name => fate.Attempts.All(attempt => attempt.Gateway != name)).ToArray() is [var untried, ..])
        {
            return new TextStep.Submit(untried);
        }

        // Only those are left that were asked: of them, one that has certainly not taken it may be asked again.
        var again = order.Select(name => (Name: name, At: AgainAt(fate, name))).Where(gateway => gateway.At is not null)
            .OrderBy(gateway => gateway.At).FirstOrDefault();
        return again.At is not { } at || at > expiresAt - TextTimes.MinLifetime ? new TextStep.GiveUp(why)
            : at <= now ? new TextStep.Submit(again.Name)
            : new TextStep.Postpone(at);
    }

    private static DateTimeOffset? AgainAt(TextFate fate, GatewayName gateway)
    {
        var last = fate.Attempts.Last(attempt => attempt.Gateway == gateway);
        return last.AgainAt is { } at && fate.MayAsk(gateway, at) ? at : null;
    }

    private static int SubmittingOf(TextFate fate)
    {
        for (var number = fate.Attempts.Count; number > 0; number--)
        {
            if (fate.Attempts[number - 1].State == AttemptState.Submitting)
            {
                return number;
            }
        }
        return 0;
    }
}
