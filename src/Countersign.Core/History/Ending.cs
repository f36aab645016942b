using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.History;

/// <summary>How a flow ended, when, and what there is to add.</summary>
/// <param name="End">A code of <see cref="FlowEnd"/>.</param>
/// <param name="Reason">Codes of <see cref="FlowReason"/> with commas between them, or the rule of name matching that decided; null where
/// the end says it all.</param>
public sealed record Ending(string End, DateTimeOffset At, string? Reason = null)
{
    /// <summary>How a flow ended whose life is over.</summary>
    public static Ending Of(Flow flow) => AtLast(flow) is var last && Reached(last) is { } reached ? reached : RanOut(last);

    /// <summary>A flow whose life is over as it was at last: a deadline that has passed has passed, whether anybody looked or
    /// not.</summary>
    public static Flow AtLast(Flow flow) =>
        flow.Possession is PossessionState.Challenged { Challenge.Deadline: var deadline } && deadline <= flow.ExpiresAt
            ? flow.At(deadline) : flow;

    /// <summary>How a flow ended that has come to its end by itself; null while something may still come of it.</summary>
    public static Ending? Reached(Flow flow) => flow.Tail switch
    {
        VerifiedUserState.Done { Refusal: not null } => Told(flow, FlowEnd.NotAccepted),
        VerifiedUserState.Done { Identity: { } identity } => OfIdentity(flow, identity),
        PreFillProgress { State: PreFillState.Completed } => Told(flow, LastOf(flow, FlowEnd.NotAccepted, FlowEnd.Completed)),
        UnifyProgress { State: UnifyState.Done done } => OfBinding(flow, done),
        PreFillProgress { State: PreFillState.Failed } when flow.Possession is PossessionState.Succeeded => Told(flow, FlowEnd.Cancelled),
        // A key that proves nothing leaves the relying party's own check.
        UnifyProgress { State: UnifyState.AwaitingOwnCheck } => null,
        _ when flow.Possession is PossessionState.Failed failed => OfPossession(flow, failed),
        _ => null,
    };

    /// <summary>The code, since the reason may be in an adapter's words.</summary>
    public override string ToString() => End;

    private static Ending OfIdentity(Flow flow, IdentityAnswer identity)
    {
        var told = Told(flow, identity switch
        {
            { IsSourceDown: true } => FlowEnd.SourceUnavailable,
            { Match: IdentityMatch.Matched } => FlowEnd.Matched,
            { Match: IdentityMatch.Differs } => FlowEnd.Differs,
            { Rule: not null } => FlowEnd.NotComparable,
            _ => FlowEnd.NoRecord,
        });
        // Once the flow's life is over nobody is asked any more, and its state says so in the only way it can.
        return identity.IsSourceDown && told.At >= flow.ExpiresAt ? new Ending(FlowEnd.RanOutMatching, flow.ExpiresAt) : told;
    }

    private static Ending OfBinding(Flow flow, UnifyState.Done done) => done switch
    {
        { Identity: not null } => Told(flow, FlowEnd.Bound),
        { Refusal: not null } => Told(flow, FlowEnd.NotAccepted),
        { Obstacle: BindingObstacle.AnotherPerson } => Told(flow, FlowEnd.AnotherPerson),
        { Obstacle: BindingObstacle.KeyProvesNothing } => Told(flow, FlowEnd.KeyVoid),
        { Obstacle: BindingObstacle.Cancelled } => Told(flow, FlowEnd.Cancelled),
        _ => flow.Possession is PossessionState.Failed failed
            ? OfPossession(flow, failed) : new Ending(FlowEnd.RanOutBinding, flow.ExpiresAt),
    };

    private static Ending OfPossession(Flow flow, PossessionState.Failed failed)
    {
        var fact = Last(flow, FlowEventCode.PossessionFailed);
        return new Ending(
            failed switch
            {
                { IsUndelivered: true } => FlowEnd.Undelivered,
                { Reason: PossessionFailure.Expired } => FlowEnd.Expired,
                // The network said no, and nothing was left: nobody entered anything.
                { Reason: PossessionFailure.WrongProof } when fact?.Method == PossessionMethod.MobileAuth.Name => FlowEnd.Unavailable,
                { Reason: PossessionFailure.WrongProof } => FlowEnd.WrongEntries,
                { Reason: PossessionFailure.Unavailable } => FlowEnd.Unavailable,
                { Reason: PossessionFailure.GivenUp } => FlowEnd.GivenUp,
                { Reason: PossessionFailure.BudgetSpent } => FlowEnd.BudgetSpent,
                { Reason: PossessionFailure.Cancelled } => FlowEnd.Cancelled,
                _ => FlowEnd.Declined,
            },
            MomentOf(flow, fact),
            failed.IsUndelivered ? null : fact?.Cause);
    }

    private static Ending RanOut(Flow flow)
    {
        // What a relying party was told of a pre-fill flow stands, also where it asked nothing more.
        if (flow.Tail is PreFillProgress { State: PreFillState.AwaitingComplete }
            && LastOf(flow, FlowEnd.NotAccepted, FlowEventCode.ChallengeAnswered) == FlowEnd.NotAccepted)
        {
            return Told(flow, FlowEnd.NotAccepted);
        }
        return new Ending(
            flow.Tail switch
            {
                VerifiedUserState.Matching => FlowEnd.RanOutMatching,
                PreFillProgress { State: PreFillState.Proven } => FlowEnd.RanOutProven,
                PreFillProgress { State: PreFillState.AwaitingChallenge } => FlowEnd.RanOutAwaitingChallenge,
                PreFillProgress { State: PreFillState.Challenging } => FlowEnd.RanOutChallenging,
                PreFillProgress { State: PreFillState.AwaitingComplete } => FlowEnd.RanOutAwaitingComplete,
                PreFillProgress { State: PreFillState.Completing } => FlowEnd.RanOutCompleting,
                UnifyProgress { State: UnifyState.AwaitingOwnCheck } => FlowEnd.RanOutAwaitingOwnCheck,
                UnifyProgress { State: UnifyState.Binding } => FlowEnd.RanOutBinding,
                _ when flow.Possession is PossessionState.Challenged => FlowEnd.RanOutChallenged,
                _ => FlowEnd.RanOutReady,
            },
            flow.ExpiresAt);
    }

    /// <summary>An end that the timeline tells by the same code.</summary>
    private static Ending Told(Flow flow, string end)
    {
        var fact = Last(flow, end);
        return new Ending(end, MomentOf(flow, fact), fact?.Rule ?? fact?.Reason);
    }

    /// <summary>Which of two codes was told last; the second where a former version told neither.</summary>
    private static string LastOf(Flow flow, string one, string other) =>
        flow.Timeline.LastOrDefault(fact => fact.Code == one || fact.Code == other)?.Code ?? other;

    private static FlowEvent? Last(Flow flow, string code) => flow.Timeline.LastOrDefault(fact => fact.Code == code);

    // A former version told it in a sentence: the last thing that happened.
    private static DateTimeOffset MomentOf(Flow flow, FlowEvent? fact) =>
        fact?.At ?? (flow.Timeline is [.., var last] ? last.At : flow.CreatedAt);
}
