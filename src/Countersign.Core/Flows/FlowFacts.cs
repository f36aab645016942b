using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>What the events of the machines are to those who read a flow: facts with codes. Null where there is nothing to tell.</summary>
internal static class FlowFacts
{
    public static FlowEvent? Of(PossessionState before, PossessionEvent happened, PossessionState after, DateTimeOffset now) =>
        (happened, after) switch
    {
        (PossessionEvent.ChallengeSent e, _) => new(now, $"{e.Method}.begun"),
        (PossessionEvent.Resent, _) => new(now, FlowEventCode.TextResent),
        (PossessionEvent.NumberChanged, _) => new(now, FlowEventCode.NumberChanged),
        // The text's own news says so, with its gateway.
        (PossessionEvent.TextUndelivered, _) => null,
        (_, PossessionState.Succeeded s) => new(now, FlowEventCode.PossessionProven) { Method = s.Method.Name },
        (PossessionEvent.MethodUnavailable { Method: var m }, PossessionState.Failed) when m == PossessionMethod.DeviceKey =>
            new(now, $"{m}.unavailable"),
        (PossessionEvent.MethodUnavailable { Reason: { } cause }, PossessionState.Failed f) => Failed(before, happened, f, now, cause),
        // The network's word is no entry of anybody's: what it said is why.
        (PossessionEvent.ProofRejected { Reason: { } cause }, PossessionState.Failed f)
            when Method(before) == PossessionMethod.MobileAuth => Failed(before, happened, f, now, cause),
        (_, PossessionState.Failed { IsUndelivered: true } f) => Failed(before, happened, f, now, FlowReason.Undelivered),
        (_, PossessionState.Failed f) => Failed(before, happened, f, now, cause: null),
        (PossessionEvent.ProofRejected, PossessionState.Challenged) => new(now, FlowEventCode.EntryWrong),
        (_, PossessionState.Ready r) => PassedOver(Method(before), happened, r.Plan.Method, now),
        _ => new(now, FlowEventCode.FlowChanged),
    };

    public static FlowEvent Of(VerifiedUserState.Done done, DateTimeOffset now) => done.Refusal is { } refusal
        ? Of(refusal, now)
        : new FlowEvent(now, done.Identity switch
        {
            null => FlowEventCode.FlowFinished,
            { IsSourceDown: true } => FlowEventCode.IdentitySourceUnavailable,
            { Match: IdentityMatch.Matched } => FlowEventCode.IdentityMatched,
            { Match: IdentityMatch.Differs } => FlowEventCode.IdentityDiffers,
            { Rule: not null } => FlowEventCode.IdentityNotComparable,
            _ => FlowEventCode.IdentityNoRecord,
        })
        {
            Rule = done.Identity?.Rule,
            Source = done.Identity?.Source,
        };

    public static FlowEvent? Of(PreFillEvent happened, DateTimeOffset now) => happened switch
    {
        PreFillEvent.ValidateAsked => new(now, FlowEventCode.PossessionReported),
        PreFillEvent.ChallengeAnswered { Refusal: { } refusal } => Of(refusal, now),
        PreFillEvent.CompleteAnswered { Refusal: { } refusal } => Of(refusal, now),
        PreFillEvent.ChallengeAsked => new(now, FlowEventCode.ChallengeAccepted),
        PreFillEvent.ChallengeAnswered => new(now, FlowEventCode.ChallengeAnswered),
        PreFillEvent.CompleteAsked => new(now, FlowEventCode.CompleteAccepted),
        PreFillEvent.CompleteAnswered => new(now, FlowEventCode.CompleteAnswered),
        _ => null,
    };

    public static FlowEvent? Of(UnifyEvent happened, DateTimeOffset now) => happened switch
    {
        UnifyEvent.OwnCheckPassed => new(now, FlowEventCode.OwnCheckPassed),
        UnifyEvent.Bound { Refusal: { } refusal } => Of(refusal, now),
        UnifyEvent.Bound { Obstacle: BindingObstacle.AnotherPerson } => new(now, FlowEventCode.BindingAnotherPerson),
        UnifyEvent.Bound { Obstacle: BindingObstacle.KeyProvesNothing } => new(now, FlowEventCode.BindingKeyVoid),
        UnifyEvent.Bound { Identity: null } => new(now, FlowEventCode.BindingExpired),
        UnifyEvent.Bound { Identity.DeviceId: var device, Risk: var risk } => new(now, FlowEventCode.BindingDone)
        {
            Reason = Joined(device is null ? null : FlowReason.WithDevice, risk?.WasRecycled == true ? FlowReason.Recycled : null),
        },
        _ => null,
    };

    private static FlowEvent Failed(
        PossessionState before, PossessionEvent happened, PossessionState.Failed failed, DateTimeOffset now, string? cause) =>
        new(now, FlowEventCode.PossessionFailed)
    {
        // A budget may be spent by a later method than the one that was waited for.
        Method = (happened is PossessionEvent.BudgetSpent spent ? spent.Method : Method(before)).Name,
        Reason = failed.Reason switch
        {
            PossessionFailure.Expired => FlowReason.Expired,
            PossessionFailure.WrongProof => FlowReason.WrongEntries,
            PossessionFailure.Unavailable => FlowReason.NoText,
            PossessionFailure.GivenUp => FlowReason.GivenUp,
            PossessionFailure.BudgetSpent => FlowReason.BudgetSpent,
            PossessionFailure.Cancelled => FlowReason.Cancelled,
            _ => FlowReason.Declined,
        },
        Cause = cause,
    };

    private static FlowEvent Of(RiskRefusal refusal, DateTimeOffset now) => new(now, FlowEventCode.PossessionNotAccepted)
    {
        // What nobody knows is not told as a fact.
        Reason = Joined([.. refusal.Signals.Select(signal =>
            refusal.Unknown?.Contains(signal) == true ? FlowReason.RiskUnknown : ReasonOf(signal)).Distinct(StringComparer.Ordinal)]),
    };

    private static string ReasonOf(RiskSignal signal) => signal switch
    {
        RiskSignal.SimSwap => FlowReason.SimSwap,
        RiskSignal.SimSwapInWeek => FlowReason.SimSwapInWeek,
        RiskSignal.Recycled => FlowReason.Recycled,
        RiskSignal.VeryShortTenure => FlowReason.VeryShortTenure,
        _ => FlowReason.ShortTenure,
    };

    private static FlowEvent PassedOver(PossessionMethod method, PossessionEvent happened, PossessionMethod next, DateTimeOffset now)
    {
        var (how, reason) = happened switch
        {
            PossessionEvent.ProofRejected rejected => ("refused", rejected.Reason),
            PossessionEvent.Expired => ("expired", null),
            PossessionEvent.MethodUnavailable unavailable => ("unavailable", unavailable.Reason),
            _ => ("unavailable", null),
        };
        return new(now, $"{method}.{how}") { Reason = reason, Next = next.Name };
    }

    private static string? Joined(params string?[] reasons) =>
        string.Join(',', reasons.Where(reason => reason is not null)) is { Length: > 0 } all ? all : null;

    private static PossessionMethod Method(PossessionState state) => state switch
    {
        PossessionState.Ready r => r.Plan.Method,
        PossessionState.Challenged c => c.Plan.Method,
        _ => default,
    };
}
