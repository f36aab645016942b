using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using static Countersign.Core.PreFill.PreFillEvent;

namespace Countersign.Core.PreFill.Calls;

/// <summary>
/// The calls of a pre-fill flow. Challenge and complete are saved as accepted before anybody is asked and as answered afterwards: of many
/// calls at once, the one that saved first asks.
/// </summary>
public sealed class PreFillCalls(FlowRunner flows, IPersonSource persons, FlowChecks checks)
{
    /// <summary>Tells the relying party how possession stands. Null when there is no such flow or its life is over.</summary>
    public Task<Flow?> ValidateAsync(CorrelationId id, CancellationToken cancellationToken) =>
        flows.ChangeAsync(id, (flow, now) =>
            flow.Tail is PreFillProgress { Shape: var shape } ? flow.After(new ValidateAsked(shape), now) : flow, cancellationToken);

    /// <param name="birthDate">Replaces the one given at start; null keeps that.</param>
    /// <param name="ssn">Replaces the one given at start; null keeps that.</param>
    public async Task<CallOutcome<PersonAnswer>> ChallengeAsync(
        CorrelationId id, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken)
    {
        var isIncomplete = false;
        var outcome = await AcceptAsync<PersonAnswer>(
            id,
            (flow, now) =>
            {
                var accepted = flow.After(new ChallengeAsked(), now);
                Guards.Drop("T05", ref accepted, () => flow.Tail is PreFillProgress early
                    ? flow with { Tail = early with { State = new PreFillState.Challenging(now + PreFillMachine.AnswerTime) } } : accepted);
                isIncomplete = accepted != flow && AskedOf(flow) is (null, null);
                return isIncomplete ? flow : accepted;
            },
            flow =>
            {
                var (date, number) = AskedOf(flow);
                return persons.FindAsync(flow.Number, flow.ProjectId, date, number, CancellationToken.None);
            },
            (leaseExpiresAt, refusal) => new ChallengeAnswered(leaseExpiresAt, refusal),
            cancellationToken);
        return isIncomplete && outcome is CallOutcome<PersonAnswer>.OutOfOrder ? new CallOutcome<PersonAnswer>.Incomplete() : outcome;

        (PartialDate? BirthDate, Ssn? Ssn) AskedOf(Flow flow) =>
            flow.Tail is PreFillProgress atStart ? (birthDate ?? atStart.BirthDate, ssn ?? atStart.Ssn) : (birthDate, ssn);
    }

    /// <param name="described">Has a name or an SSN at least.</param>
    public Task<CallOutcome<PersonCheck>> CompleteAsync(CorrelationId id, Person described, CancellationToken cancellationToken) =>
        AcceptAsync(
            id,
            (flow, now) => flow.After(new CompleteAsked(), now),
            async flow =>
                await persons.CheckAsync(
                    flow.Number, flow.ProjectId, described, await checks.NamePolicyOfAsync(flow, CancellationToken.None),
                    CancellationToken.None),
            (leaseExpiresAt, refusal) => new CompleteAnswered(leaseExpiresAt, refusal),
            cancellationToken);

    private async Task<CallOutcome<TAnswer>> AcceptAsync<TAnswer>(
        CorrelationId id, Func<Flow, DateTimeOffset, Flow> accept, Func<Flow, Task<TAnswer>> ask,
        Func<DateTimeOffset, RiskRefusal?, PreFillEvent> happening, CancellationToken cancellationToken)
        where TAnswer : class
    {
        // The last decision is the one that was saved, or the one that left all as it was.
        var isAccepted = false;
        var flow = await flows.ChangeAsync(
            id,
            (present, now) =>
            {
                var next = accept(present, now);
                isAccepted = next != present;
                return next;
            },
            cancellationToken);
        if (flow is null)
        {
            return new CallOutcome<TAnswer>.UnknownFlow();
        }
        if (!isAccepted)
        {
            return new CallOutcome<TAnswer>.OutOfOrder();
        }

        // Accepted once and for all: it is answered even if the caller goes away.
        var (risk, refusal, answer) = await checks.AfterAsync(
            flow, () => ask(flow), answered => answered is PersonCheck.Compared { Comparison.IsConfirmed: true }, CancellationToken.None);
        CallOutcome<TAnswer> result = refusal is null
            ? new CallOutcome<TAnswer>.Answered(answer!, risk, flow.IsNumberChanged)
            : new CallOutcome<TAnswer>.Refused(risk, refusal, flow.IsNumberChanged);
        var happened = happening(
            (flow.Tail as PreFillProgress)?.State switch
            {
                PreFillState.Challenging c => c.LeaseExpiresAt,
                PreFillState.Completing c => c.LeaseExpiresAt,
                _ => throw new InvalidOperationException("An accepted call waits for its answer."),
            },
            refusal);
        var isAnswered = false;
        var after = await flows.FinishAsync(
            id,
            (present, now) =>
            {
                var next = present.After(happened, now);
                isAnswered = next != present;
                return next;
            });
        return after is null ? new CallOutcome<TAnswer>.UnknownFlow()
            : isAnswered ? result
            // Another call has taken over meanwhile: of two answers one is given.
            : new CallOutcome<TAnswer>.OutOfOrder();
    }
}

/// <summary>What became of a call. A closed set.</summary>
public abstract record CallOutcome<TAnswer>
{
    private CallOutcome() { }

    /// <summary>There is no such flow, or its life is over.</summary>
    public sealed record UnknownFlow : CallOutcome<TAnswer>;

    /// <summary>Not the flow's next step, or another call is at it.</summary>
    public sealed record OutOfOrder : CallOutcome<TAnswer>;

    /// <summary>There is nothing to compare; nothing was counted.</summary>
    public sealed record Incomplete : CallOutcome<TAnswer>;

    /// <param name="IsNumberChanged">It is about another number than the flow began with.</param>
    public sealed record Answered(TAnswer Answer, PhoneRisk Risk, bool IsNumberChanged = false) : CallOutcome<TAnswer>;

    /// <summary>The project does not accept a possession by text of a number with these signals: nobody was asked.</summary>
    /// <param name="IsNumberChanged">It is about another number than the flow began with.</param>
    public sealed record Refused(PhoneRisk Risk, RiskRefusal Refusal, bool IsNumberChanged = false) : CallOutcome<TAnswer>;
}
