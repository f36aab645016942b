using Countersign.Core.IdentityMatching;
using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>
/// Where decisions meet the world: loads a flow, lets it be decided, saves it if nobody was first and else decides again on what the winner
/// left, so that every race is the same race. Calls on this node take turns, so that only other nodes can be first. What follows from a
/// saved decision (a text, an identity match, a tied device, a waiting desktop) is done here.
/// </summary>
public sealed partial class FlowRunner(
    IFlowStore flows, FlowGates gates, ITextStore texts, TextDispatcher dispatcher, FlowChecks checks,
    IdentityBinder binder, DeviceNotices notices, TextLimits limits, TextSourceLimits sources, EntryLimits entries, PumpingGuard guard,
    TextCaps caps, IWakeUp wakeUp, IFlowJournal journal, TimeProvider time)
{
    // A lost signal (a node that died in between) must not hold a browser.
    private static readonly TimeSpan _maxWaitForSignal = TimeSpan.FromMilliseconds(250);

    /// <summary>The flow as it stands now, or null when there is none or its life is over. Saves nothing.</summary>
    public async Task<Flow?> FindAsync(CorrelationId id, CancellationToken cancellationToken)
    {
        var flow = await flows.FindAsync(id, cancellationToken);
        var now = time.GetUtcNow();
        return flow is null || now >= flow.ExpiresAt ? null : flow.At(now);
    }

    /// <summary>The flows that live and fit, newest first, as they stand now.</summary>
    public async Task<IReadOnlyList<Flow>> FindAsync(FlowSearch search, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return [.. (await flows.FindAsync(search, now, limit, cancellationToken)).Select(flow => flow.At(now))];
    }

    /// <summary>
    /// The flow as it stands now, if it is of this project and product. Whatever else there may be is not read, so that it takes no longer.
    /// </summary>
    public async Task<Flow?> FindAsync(CorrelationId id, ProjectId projectId, Product product, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var found = await flows.FindAsync(id, projectId, product, now, cancellationToken);
        Guards.Drop("T04", ref found, () => found ?? flows.FindAsync(id, cancellationToken).GetAwaiter().GetResult());
        return found?.At(now);
    }

    /// <summary>Changes a flow. Returns it as it is afterwards, or null when there is none or its life is over.</summary>
    /// <param name="decide">May be called several times; it must do nothing that cannot be repeated. Other calls on the flow wait for
    /// it.</param>
    /// <exception cref="UnavailableException">Other calls on the same flow took too long. Nothing was changed.</exception>
    public Task<Flow?> ChangeAsync(
        CorrelationId id, Func<Flow, DateTimeOffset, ValueTask<Decision>> decide, CancellationToken cancellationToken) =>
        ChangeAsync(id, decide, new ChangeTerms(), cancellationToken);

    /// <summary>
    /// As <see cref="ChangeAsync(CorrelationId, Func{Flow, DateTimeOffset, ValueTask{Decision}}, CancellationToken)"/>, for a decision that
    /// asks a mobile operator, which may take seconds: other calls on the flow do not wait for it, and it is made again on what they left.
    /// It waits for them when it has met one, so what the operator takes until then is not taken from its time.
    /// </summary>
    public Task<Flow?> ChangeByAskingAsync(
        CorrelationId id, Func<Flow, DateTimeOffset, ValueTask<Decision>> decide, CancellationToken cancellationToken) =>
        ChangeAsync(id, decide, new ChangeTerms { IsSlow = true }, cancellationToken);

    public Task<Flow?> ChangeAsync(CorrelationId id, Func<Flow, DateTimeOffset, Flow> decide, CancellationToken cancellationToken) =>
        ChangeAsync(id, (flow, now) => ValueTask.FromResult(new Decision(decide(flow, now))), cancellationToken);

    /// <summary>
    /// Saves what came of a change that was saved before: it waits longer for others, since that change has counted already.
    /// </summary>
    public Task<Flow?> FinishAsync(CorrelationId id, Func<Flow, DateTimeOffset, Flow> decide) =>
        FinishAsync(id, (flow, now) => new Decision(decide(flow, now)), new ChangeTerms { IsFollowUp = true });

    /// <summary>
    /// Waits while another call is busy with what follows from possession: who is told "done" asks for the result at once.
    /// </summary>
    public async Task<Flow?> SettleAsync(Flow? flow, CancellationToken cancellationToken)
    {
        if (flow is not { IsBusy: true })
        {
            return flow;
        }

        using var subscription = wakeUp.Subscribe(flow.Id);
        while (true)
        {
            var present = await FindAsync(flow.Id, cancellationToken);
            if (present is not { IsBusy: true })
            {
                return present;
            }

            using var timeout = new CancellationTokenSource(_maxWaitForSignal, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                await subscription.WaitAsync(linked.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // No signal came; look again.
            }
        }
    }

    /// <summary>
    /// Changes a flow and waits as <see cref="SettleAsync"/> does. Returns it as it is afterwards, or as it was when the call came in, if
    /// it is gone since.
    /// </summary>
    public async Task<Flow> ChangeAndSettleAsync(
        Flow flow, Func<Flow, DateTimeOffset, ValueTask<Decision>> decide, CancellationToken cancellationToken) =>
        await SettleAsync(await ChangeAsync(flow.Id, decide, cancellationToken), cancellationToken) ?? flow;

    /// <summary>Does what a deadline asks for: ends an overdue challenge, takes over from who was busy with the flow and died.</summary>
    /// <remarks>A challenge may end together with its flow, or the server may have slept over both: it is ended all the same, and
    /// told.</remarks>
    public Task<Flow?> CatchUpAsync(CorrelationId id, CancellationToken cancellationToken) =>
        ChangeAsync(id, (flow, now) =>
            ValueTask.FromResult(new Decision(CatchUp(flow, now))), new ChangeTerms { IsOpenToExpired = true }, cancellationToken);

    // Nobody can read the result of an expired flow any more, so nobody is asked for it either.
    private static Flow CatchUp(Flow flow, DateTimeOffset now) => now >= flow.ExpiresAt
        ? flow.After(new VerifiedUserEvent.IdentityAnswered(IdentityAnswer.SourceDown, PhoneRisk.Unknown), now)
            .After(new UnifyEvent.Bound(null), now)
        : flow.After(new VerifiedUserEvent.TakenOver(), now).After(new UnifyEvent.TakenOver(), now);

    /// <summary>Brings a flow that was never stored to its result; for flows that need nobody's proof.</summary>
    public async Task<Flow> SettleUnstoredAsync(Flow flow, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var settled = flow.After(new VerifiedUserEvent.PossessionSettled(), now);
        return settled.IsBusy ? (await WorkAsync(settled, cancellationToken))(settled, now).Flow : settled;
    }

    private Task<Flow?> FinishAsync(CorrelationId id, Func<Flow, DateTimeOffset, Decision> decide, ChangeTerms terms) => ChangeAsync(
        id, (flow, now) => ValueTask.FromResult(decide(flow, now)), terms, CancellationToken.None);

    private async Task<Flow?> ChangeAsync(
        CorrelationId id, Func<Flow, DateTimeOffset, ValueTask<Decision>> decide, ChangeTerms terms, CancellationToken cancellationToken)
    {
        var (former, flow, decided) = await SaveAsync(id, decide, terms, cancellationToken);
        if (former is not null && flow is not null)
        {
            if (decided.IsWrongEntry && await entries.CountAsync(flow.ProjectId) is { } tooMany)
            {
                journal.TooManyWrongCodes(flow.ProjectId, tooMany);
            }
            // Behind the gate: what follows may change the flow, too.
            return await FollowUpAsync(former, flow, decided.Text);
        }
        if (flow is { IsDecided: true })
        {
            // The call that decided it may have been cut off before it could say so, and this one repeats it. Other nodes look by
            // themselves.
            await wakeUp.SignalAsync(flow.Id, everywhere: false, CancellationToken.None);
        }
        return flow;
    }

    /// <summary>Returns what was saved and what had stood there; without the latter nothing was saved.</summary>
    private async Task<(Flow? Former, Flow? Flow, Decision Decided)> SaveAsync(
        CorrelationId id, Func<Flow, DateTimeOffset, ValueTask<Decision>> decide, ChangeTerms terms, CancellationToken cancellationToken)
    {
        Turn? turn = terms.IsSlow ? null : gates.Turns.Begin(terms.IsFollowUp ? Turns.FollowUpTimeout : Turns.CallTimeout);
        Guards.Drop("S03", ref turn, () => null);
        using var pass = turn is { } mine ? await gates.EnterAsync(id, mine, cancellationToken) : default;
        var handed = pass.Handed;
        var counted = new CountedOnce(sources, guard);
        for (var conflicts = 1; ; conflicts++)
        {
            var arrivals = pass.Arrivals;
            var stored = handed ?? await flows.FindAsync(id, cancellationToken);
            var now = time.GetUtcNow();
            if (stored is null || (now >= stored.ExpiresAt && !terms.IsOpenToExpired))
            {
                return default;
            }

            var present = stored.At(now);
            // Calls that come at once meet here, however slowly they arrive.
            Guards.Break("S03", () => Task.Delay(
                stored.Possession is PossessionState.Challenged ? TimeSpan.FromMilliseconds(200) : default, time, CancellationToken.None)
                .GetAwaiter().GetResult());
            var decision = await WithinLimitsAsync(present, await decide(present, now), counted, now, cancellationToken);
            if (decision.Flow == stored)
            {
                if (handed is null)
                {
                    pass.HandOn(stored, arrivals);
                }
                return (null, stored, default);
            }

            // From here on it is finished even if the caller goes away: an entry that was compared has to count.
            arrivals = pass.Arrivals;
            var isSaved = await flows.TrySaveAsync(decision with { Former = stored }, CancellationToken.None);
            Guards.Drop("S03", ref isSaved, () => true);
            if (isSaved)
            {
                journal.Changed(decision.Flow, decision.Flow.Timeline.Except(stored.Timeline));
                Learn(stored, decision.Flow);
                var saved = decision.Flow with { Version = decision.Flow.Version + 1 };
                pass.HandOn(saved, arrivals);
                return (stored, saved, decision);
            }
            handed = null;
            turn ??= gates.Turns.Begin(Turns.CallTimeout);
            await gates.Turns.PauseAsync(conflicts, turn.Value, cancellationToken);
        }
    }

    private async Task<Flow?> FollowUpAsync(Flow former, Flow flow, OutgoingText? text)
    {
        if (text is { IsBeside: false })
        {
            var owner = new Owner(this);
            await dispatcher.SendAsync(text, owner);
            if (owner.Told is { } toldOtherwise)
            {
                return toldOtherwise;
            }
        }

        if (flow.IsBusy && flow.Tail.Deadline != former.Tail.Deadline)
        {
            // This call wrote that state, so this call does it; nobody else does before the lease expires. What it has done is kept also
            // where the flow's life ends meanwhile: a browser that was tied is tied for longer.
            return await FinishAsync(
                flow.Id, await WorkAsync(flow, CancellationToken.None), new ChangeTerms { IsFollowUp = true, IsOpenToExpired = true });
        }

        if (flow.IsDecided)
        {
            await wakeUp.SignalAsync(flow.Id, everywhere: flow.Type == FlowType.Desktop, CancellationToken.None);
        }
        return flow;
    }

    /// <summary>Does what a busy flow waits for and returns what it makes of the flow.</summary>
    private async Task<Func<Flow, DateTimeOffset, Decision>> WorkAsync(Flow flow, CancellationToken cancellationToken)
    {
        if (flow.Tail is UnifyProgress unify)
        {
            var restsOnKey = flow.Possession is PossessionState.Succeeded { Method: var method } && method == PossessionMethod.DeviceKey;
            var (risk, refusal, binding) = await checks.AfterAsync(
                flow, () => binder.BindAsync(flow.ProjectId, flow.Number, unify, restsOnKey, cancellationToken), made =>
                    made is BindOutcome.Bound, cancellationToken);
            var bound = (binding as BindOutcome.Bound)?.Identity;
            var obstacle = (binding as BindOutcome.Obstructed)?.Why;
            var isNews = bound is { DeviceId: not null, ProveId: var person } && person != unify.RememberedFor;
            var notice = isNews ? await notices.OfAsync(flow, time.GetUtcNow(), cancellationToken) : null;
            return (present, now) => Bound(present, new UnifyEvent.Bound(bound, risk, refusal, obstacle), notice, now);
        }
        var answered = await checks.MatchAsync(flow, cancellationToken);
        return (present, now) => new Decision(present.After(answered, now));
    }

    private static Decision Bound(Flow present, UnifyEvent.Bound bound, OutgoingText? notice, DateTimeOffset now)
    {
        if (present.After(bound, now) is var after && after != present)
        {
            return new Decision(after, notice);
        }
        // The flow was given up before this call was done, and its browser is remembered all the same: its phone is told that, once.
        return notice is not null && present.Tail is UnifyProgress { State: UnifyState.Done { Identity: null } }
            && FlowFacts.Of(bound, now) is { } fact && !present.Timeline.Any(former => former.Code == fact.Code)
                ? new Decision(present.With(fact), notice)
                : new Decision(present);
    }

    private readonly record struct ChangeTerms
    {
        /// <summary>Also a flow whose life is over is changed.</summary>
        public bool IsOpenToExpired { get; init; }

        /// <summary>Deciding may take seconds.</summary>
        public bool IsSlow { get; init; }

        /// <summary>It follows from a change that is saved already.</summary>
        public bool IsFollowUp { get; init; }
    }
}
