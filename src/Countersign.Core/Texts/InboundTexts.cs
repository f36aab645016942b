namespace Countersign.Core.Texts;

/// <summary>Does what persons ask for by STOP, START and HELP; whatever else they write is read by nobody and kept nowhere.</summary>
public sealed class InboundTexts(
    ISuppressionList suppressions, ITakenRequests taken, ITextGateways gateways, ITextRoutes routes, INumberPlan plan,
    HelpReplyLimiter limiter, TextCaps caps, InboundTextOptions options, IInboundJournal journal, TimeProvider time)
{
    /// <summary>In place of a token in the address of receipts for answers on HELP: nobody waits for those.</summary>
    public const string ReceiptToken = "help";

    private static readonly TimeSpan _helpValidity = TimeSpan.FromHours(1);

    public async Task TakeAsync(GatewayName gateway, CallbackReading.Inbound written)
    {
        var word = InboundWords.Of(written.Text.Reveal());
        if (word == InboundWord.None)
        {
            return;
        }
        // Gateways have their own ways to write a sender. What none of our texts can come from is not what they wrote to.
        var to = written.To?.Trim();
        if (WhoWrote(gateway, written) is not (var from, var route))
        {
            journal.WroteElsewhere(gateway, word);
            return;
        }
        written = written with { From = from, To = to is not null && SenderId.IsValid(to) ? to : null };
        // What a person asked for is done even if the provider does not wait for the answer.
        // Two gateways may bring the same at the same second.
        if (written.SignedContent is { } signed && await taken.WasTakenAsync(gateway, signed, CancellationToken.None))
        {
            journal.WroteBefore(gateway, word);
            return;
        }
        journal.Wrote(gateway, word);
        var now = time.GetUtcNow();
        written = written with { To = SenderOf(written.To, gateway, route) };
        switch (word)
        {
            case InboundWord.Stop:
                await suppressions.SuppressAsync(written.From, written.To, now, CancellationToken.None);
                break;
            case InboundWord.Start:
                await suppressions.LiftAsync(written.From, written.To, CancellationToken.None);
                break;
            default:
                await HelpAsync(gateway, written, now);
                break;
        }
        if (written.SignedContent is { } done)
        {
            await taken.RecordAsync(gateway, done, now, CancellationToken.None);
        }
    }

    /// <summary>
    /// Null when the number's route does not name the gateway. Where two numbers may be meant it is rather the one that this server texts
    /// to.
    /// </summary>
    private (PhoneNumber From, TextRoute Route)? WhoWrote(GatewayName gateway, CallbackReading.Inbound written)
    {
        PhoneNumber[] meant = written.OrFrom is { } other ? [written.From, other] : [written.From];
        foreach (var number in meant.Select(plan.FormOf).OrderByDescending(IsAdmitted))
        {
            // Attack: who has one gateway's secret, or forges senders at one provider, speaks for the numbers of the whole world.
            if (routes.For(number) is { } route && route.Gateways.Contains(gateway))
            {
                return (number, route);
            }
        }
        return null;
    }

    private bool IsAdmitted(PhoneNumber number) =>
        plan.CountryOf(number) is { } country && options.Countries.Contains(country, StringComparer.Ordinal);

    /// <summary>
    /// The sender that was written to, as the configuration has it; what no text to this number comes from as the provider has it. Where
    /// the provider does not say which, it is the one that texts to this number come from.
    /// </summary>
    private string? SenderOf(string? written, GatewayName gateway, TextRoute route) => written is null
        ? route.Sender ?? gateways.SenderOf(gateway)
        : route.Gateways.Select(gateways.SenderOf).Prepend(gateways.SenderOf(gateway)).Prepend(route.Sender)
            .FirstOrDefault(own => own is not null && SenderId.AreOne(own, written, plan)) ?? written;

    /// <summary>Answers from the sender that was written to, also to a person who said STOP: they have asked.</summary>
    private async Task HelpAsync(GatewayName gateway, CallbackReading.Inbound written, DateTimeOffset now)
    {
        if (options.HelpText is not { } help || !gateways.Names.Contains(gateway))
        {
            return;
        }
        // Anybody can write from a number that is dear to answer.
        if (!IsAdmitted(written.From))
        {
            return;
        }
        // Before the pace, so that who asks again when it works is answered.
        if (gateways.HealthOf(gateway) == GatewayHealth.Resting)
        {
            journal.HelpNotAnswered(gateway);
            return;
        }
        if (!limiter.MayAnswer(written.From, written.To))
        {
            return;
        }
        var text = new OutgoingText(
            Guid.CreateVersion7(now), CorrelationId.New(now), written.From, TextKind.Notice, new Secret(help), new Secret(""), now,
            now + _helpValidity);
        if (await caps.TryCountAsync(text, gateway, now) is not { } counted)
        {
            return;
        }
        // Providers wait ten seconds or more for an answer; this is over within eight.
        var result = await gateways.SubmitAsync(
            gateway, new SmsSubmission(text, 1, written.To, _helpValidity, new Secret(ReceiptToken)), evenAtRest: false);
        if (result is SmsResult.Accepted { Receipt: ReceiptState.Delivered or ReceiptState.Undelivered or ReceiptState.Expired
            or ReceiptState.Rejected } accepted)
        {
            gateways.Record(gateway, accepted.Receipt == ReceiptState.Delivered);
        }
        await (result is SmsResult.Rejected ? caps.GiveBackAsync(counted) : caps.KeepAsync(counted));
        if (result is not SmsResult.Accepted)
        {
            journal.HelpNotSent(gateway);
        }
    }
}

/// <param name="HelpText">What a person is answered who writes HELP; null where nobody is answered.</param>
/// <param name="Countries">Whose numbers this server texts to (ISO 3166).</param>
public sealed record InboundTextOptions(string? HelpText, IReadOnlyCollection<string> Countries)
{
    public override string ToString() => nameof(InboundTextOptions);
}

/// <summary>Hears of what persons write, for those who operate this: it writes down which word came, not whose.</summary>
public interface IInboundJournal
{
    void Wrote(GatewayName gateway, InboundWord word);

    /// <summary>Somebody speaks through a gateway for a number that no text of ours reaches by it.</summary>
    void WroteElsewhere(GatewayName gateway, InboundWord word);

    /// <summary>A signed request came again.</summary>
    void WroteBefore(GatewayName gateway, InboundWord word);

    /// <summary>HELP came through a gateway that is left alone for the moment.</summary>
    void HelpNotAnswered(GatewayName gateway);

    /// <summary>The gateway did not take the answer.</summary>
    void HelpNotSent(GatewayName gateway);
}
