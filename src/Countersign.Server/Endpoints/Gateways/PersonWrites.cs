using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Endpoints.Gateways;

/// <summary>Does what persons ask for by STOP, START and HELP; whatever else they write is read by nobody and kept nowhere.</summary>
internal sealed class PersonWrites(
    ISuppressionList suppressions, IEnumerable<ISmsGateway> gateways, INumberPlan plan, HelpPace pace, CountersignOptions options, TimeProvider time,
    ILogger<PersonWrites> logger)
{
    /// <summary>In place of a token in the address of receipts for answers on HELP: nobody waits for those.</summary>
    public const string ReceiptToken = "help";

    // Providers wait ten seconds or more for an answer.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan HelpValidity = TimeSpan.FromHours(1);

    public async Task TakeAsync(string gateway, CallbackReading.Inbound written)
    {
        var word = InboundWords.Of(written.Text.Reveal());
        if (word == InboundWord.None)
        {
            return;
        }
        Log.PersonWrote(logger, gateway, word);
        // What a person asked for is done even if the provider does not wait for the answer.
        var now = time.GetUtcNow();
        switch (word)
        {
            case InboundWord.Stop:
                await suppressions.SuppressAsync(written.From, written.To, now, CancellationToken.None);
                break;
            case InboundWord.StopAll:
                await suppressions.SuppressAsync(written.From, sender: null, now, CancellationToken.None);
                break;
            case InboundWord.Start:
                await suppressions.LiftAsync(written.From, written.To, CancellationToken.None);
                break;
            default:
                await HelpAsync(gateway, written, now);
                break;
        }
    }

    /// <summary>Answers from the sender that was written to, also to a person who said STOP: they have asked.</summary>
    private async Task HelpAsync(string gateway, CallbackReading.Inbound written, DateTimeOffset now)
    {
        if (options.HelpText is not { } help || gateways.FirstOrDefault(one => one.Name == gateway) is not { } answering)
        {
            return;
        }
        // Anybody can write from a number that is dear to answer.
        if (plan.CountryOf(written.From) is not { } country || !options.Countries.Contains(country, StringComparer.Ordinal)
            || !pace.MayAnswer(written.From, written.To))
        {
            return;
        }
        var text = new OutgoingText(
            Guid.CreateVersion7(now), CorrelationId.New(now), written.From, TextKind.Notice, new Secret(help), new Secret(""), now, now + HelpValidity);
        using var patience = new CancellationTokenSource(LongestAnswer, time);
        var result = await answering.SubmitAsync(new SmsSubmission(text, 1, written.To, HelpValidity, new Secret(ReceiptToken)), patience.Token);
        if (result is not SmsResult.Accepted)
        {
            Log.HelpNotSent(logger, gateway);
        }
    }
}
