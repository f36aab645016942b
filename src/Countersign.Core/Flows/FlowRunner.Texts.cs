using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;

namespace Countersign.Core.Flows;

/// <summary>What becomes of a flow by the fate of its texts.</summary>
public sealed partial class FlowRunner : ITextReceipts
{
    /// <summary>Does what is due for a text.</summary>
    public Task CatchUpTextAsync(Guid text, CancellationToken cancellationToken) =>
        dispatcher.CatchUpAsync(text, new Owner(this), cancellationToken);

    public Task<bool> ReceiveAsync(
        Secret token, GatewayName gateway, ReceiptState state, string? networkError, CancellationToken cancellationToken) =>
        dispatcher.ReceiveAsync(token, gateway, state, networkError, new Owner(this), cancellationToken);

    /// <summary>
    /// A text counts with the change that wants it sent. One too many is not sent: of a repetition the person is told nothing, and without
    /// a first one there is nothing that they could enter.
    /// </summary>
    private async ValueTask<Decision> WithinLimitsAsync(
        Flow present, Decision decision, CountedOnce counted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (decision.Text is not { IsBeside: false } text)
        {
            return decision;
        }
        var allowance = await limits.JudgeAsync(text.To, present.ProjectId, now, cancellationToken);
        if (allowance is Allowance.Over { Reached: var reached })
        {
            return Refused(present, decision, MethodOf(text), reached, now);
        }
        if (await caps.JudgeAsync(present.ProjectId, text, now, cancellationToken) is { } full)
        {
            return Refused(present, decision, MethodOf(text), full, now);
        }
        var (over, mark) = await counted.CountAsync(present, decision, text.To, now, cancellationToken);
        if (over.FirstOrDefault(one => one.Mode == LimitMode.Enforce) is { } enforced)
        {
            return Refused(present, decision, MethodOf(text), enforced.Reached, now);
        }
        return decision with
        {
            Flow = over.Aggregate(
                decision.Flow with { Pumping = decision.IsResend ? decision.Flow.Pumping : mark },
                (flow, one) => flow.Told(one.Reached, one.Reached.ToFact(now, isShadow: true), now)),
            Charge = (allowance as Allowance.Possible)?.Charged,
        };
    }

    private static Decision Refused(Flow present, Decision decision, PossessionMethod method, Reached reached, DateTimeOffset now)
    {
        var told = present.Told(reached, reached.ToFact(now), now);
        return new Decision(decision.IsResend ? told : told.After(new PossessionEvent.BudgetSpent(method), now));
    }

    private void Learn(Flow former, Flow saved)
    {
        if (saved is { Possession: PossessionState.Succeeded { Method: var method }, Pumping: { } mark }
            && former.Possession is not PossessionState.Succeeded
            && (method == PossessionMethod.Otp || method == PossessionMethod.InstantLink))
        {
            guard.Learn(saved.Number, mark);
        }
    }

    private async Task<bool> WantsAsync(OutgoingText text, CancellationToken cancellationToken) =>
        text.IsBeside
        || (await FindAsync(text.Flow, cancellationToken) is { Possession: PossessionState.Challenged } flow
        && flow.CurrentMethod == MethodOf(text)
        && flow.Number == text.To
        && (await texts.FindLastAsync(flow.Id, cancellationToken))?.Text.Id == text.Id);

    private async Task<Flow?> TellAsync(
        OutgoingText text, IReadOnlyList<FlowEvent> news, string? unavailable, bool isUndelivered, CancellationToken cancellationToken) =>
        await ChangeAsync(
            text.Flow,
            async (flow, now) =>
            {
                var told = flow.With(news);
                if (text.IsBeside)
                {
                    return new Decision(unavailable is null ? told
                        : told.With(new FlowEvent(now, FlowEventCode.DeviceNoticeUnsent) { Reason = unavailable }));
                }
                if (unavailable is null)
                {
                    return new Decision(isUndelivered && await UndeliveredOfAsync(flow, cancellationToken) is { } method
                        ? told.After(new PossessionEvent.TextUndelivered(method), now)
                        : told);
                }
                // Meanwhile the person may have given another number, or asked for another text: that one has a fate of its own.
                return new Decision(flow.Number == text.To && await DependsOnAsync(text, cancellationToken)
                    ? told.After(new PossessionEvent.MethodUnavailable(MethodOf(text), unavailable), now)
                    : told.With(new FlowEvent(now, FlowEventCode.TextUnavailable) { Reason = unavailable }));
            },
            new ChangeTerms { IsFollowUp = true },
            cancellationToken);

    private Task<Flow?> TellAsync(OutgoingText text, IReadOnlyList<FlowEvent> news, Reached reached) => ChangeAsync(
        text.Flow,
        async (flow, now) =>
        {
            var told = flow.With(news).Told(reached, reached.ToFact(now), now);
            if (text.IsBeside)
            {
                return new Decision(told.With(new FlowEvent(now, FlowEventCode.DeviceNoticeUnsent) { Reason = FlowReason.BudgetSpent }));
            }
            return new Decision(flow.Number == text.To && await DependsOnAsync(text, CancellationToken.None)
                ? told.After(new PossessionEvent.BudgetSpent(MethodOf(text)), now)
                : told);
        },
        new ChangeTerms { IsFollowUp = true },
        CancellationToken.None);

    /// <summary>False when another text may still bring the proof: one sent later, or an earlier one with the same code.</summary>
    private async Task<bool> DependsOnAsync(OutgoingText text, CancellationToken cancellationToken)
    {
        var all = await texts.ListAsync(text.Flow, cancellationToken);
        return all.Count == 0 || (all[^1].Text.Id == text.Id && !MayArriveOtherwise(all, text));
    }

    /// <summary>
    /// The method whose last text is undelivered, as all are that carried the same code; null when one of them may have arrived.
    /// </summary>
    private async Task<PossessionMethod?> UndeliveredOfAsync(Flow flow, CancellationToken cancellationToken) =>
        await texts.ListAsync(flow.Id, cancellationToken) is [.., { Fate.IsUndelivered: true, Text: var last }] all
        && last.To == flow.Number && !MayArriveOtherwise(all, last)
            ? MethodOf(last)
            : null;

    private static bool MayArriveOtherwise(IReadOnlyList<StoredText> all, OutgoingText text) =>
        all.Any(other => other.Text.Id != text.Id && other.Text.To == text.To && other.Text.Proof == text.Proof
            && other.Fate.State is TextState.Sending or TextState.Sent or TextState.Delivered or TextState.Unknown);

    private static PossessionMethod MethodOf(OutgoingText text) =>
        text.Kind == TextKind.Link ? PossessionMethod.InstantLink : PossessionMethod.Otp;

    /// <summary>A call's text counts once with its sources, and as what may be pumping, however often the call is decided.</summary>
    private sealed class CountedOnce(TextSourceLimits sources, PumpingGuard guard)
    {
        private (IReadOnlyList<SourceLimitReached> Reached, PumpingMark? Mark)? _counted;

        public async ValueTask<(IReadOnlyList<SourceLimitReached> Reached, PumpingMark? Mark)> CountAsync(
            Flow flow, Decision decision, PhoneNumber to, DateTimeOffset now, CancellationToken cancellationToken) =>
            _counted ??= await AskAsync(flow, decision, to, now, cancellationToken);

        private async ValueTask<(IReadOnlyList<SourceLimitReached> Reached, PumpingMark? Mark)> AskAsync(
            Flow flow, Decision decision, PhoneNumber to, DateTimeOffset now, CancellationToken cancellationToken)
        {
            var isExempt = flow.IsChallengePassed;
            var source = new TextSource(isExempt ? null : decision.From, flow.Client);
            if (await sources.JudgeAsync(source, to, cancellationToken) is { Count: > 0 } over)
            {
                return (over, null);
            }
            // In between: what the guard refuses counts for no source, and what a source refuses is not looked at.
            var verdict = await guard.AskAsync(new AskedText(to, decision.From, decision.IsResend), isExempt, now, cancellationToken);
            return verdict.Found.Any(one => one.Mode == LimitMode.Enforce)
                ? (verdict.Found, verdict.Mark)
                : ([.. await sources.CountAsync(source, to, cancellationToken), .. verdict.Found], verdict.Mark);
        }
    }

    /// <summary>The flow of a text. For each text one of its own, so that whoever sends it learns what has become of the flow.</summary>
    private sealed class Owner(FlowRunner runner) : ITextOwner
    {
        /// <summary>The flow as it was after it was last told something; null when it was told nothing, or is gone.</summary>
        public Flow? Told { get; private set; }

        public Task<bool> WantsAsync(OutgoingText text, CancellationToken cancellationToken) => runner.WantsAsync(text, cancellationToken);

        public async Task TellAsync(
            OutgoingText text, IReadOnlyList<FlowEvent> news, string? unavailable, bool isUndelivered,
            CancellationToken cancellationToken) =>
            Told = await runner.TellAsync(text, news, unavailable, isUndelivered, cancellationToken);

        public async Task TellAsync(OutgoingText text, IReadOnlyList<FlowEvent> news, Reached reached) =>
            Told = await runner.TellAsync(text, news, reached);
    }
}
