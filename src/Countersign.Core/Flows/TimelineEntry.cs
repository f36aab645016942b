using Countersign.Core.Identity;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>One line of what happened to a flow. It holds method names and reasons, never a number, a name or a code.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string What)
{
    /// <summary>A page that misbehaves must not make a flow grow without end.</summary>
    public const int Most = 50;

    internal static string? Describe(PossessionState before, PossessionEvent happened, PossessionState after) => (happened, after) switch
    {
        (PossessionEvent.ChallengeSent e, _) => $"{e.Method} begun",
        (PossessionEvent.Resent, _) => "text sent again",
        (PossessionEvent.NumberChanged, _) => "number changed",
        // The text's own news says so, with its gateway.
        (PossessionEvent.TextUndelivered, _) => null,
        (_, PossessionState.Succeeded s) => $"possession proven by {s.Method}",
        (PossessionEvent.MethodUnavailable { Method: var m }, PossessionState.Failed) when m == PossessionMethod.DeviceKey => $"{m} not available",
        (PossessionEvent.MethodUnavailable { Reason: { } reason }, PossessionState.Failed f) => $"possession failed: {Word(f.Reason)} ({reason})",
        (_, PossessionState.Failed { IsUndelivered: true } f) => $"possession failed: {Word(f.Reason)} (the text was not delivered)",
        (_, PossessionState.Failed f) => $"possession failed: {Word(f.Reason)}",
        (PossessionEvent.ProofRejected, PossessionState.Challenged) => "wrong entry",
        (_, PossessionState.Ready r) => $"{Method(before)} {Word(happened)}, {r.Plan.Method} follows",
        _ => "changed",
    };

    internal static string Describe(VerifiedUserState.Done done) => done.Refusal is { } refusal ? Describe(refusal) : done.Identity switch
    {
        null => "finished without identity match",
        { IsSourceDown: true } => "identity source not available",
        { Match: IdentityMatch.Matched } matched => "identity matched" + Why(matched),
        { Match: IdentityMatch.Differs } differs => "identity differs" + Why(differs),
        { Rule: not null } unclear => "identity not comparable" + Why(unclear),
        _ => "no identity record",
    };

    private static string Describe(RiskRefusal refusal) => $"possession not accepted: {refusal.Describe()}";

    private static string Why(IdentityAnswer answer) => (answer.Rule, answer.Source) switch
    {
        ({ } rule, { } source) => $": {rule} ({source})",
        ({ } rule, null) => $": {rule}",
        (null, { } source) => $" ({source})",
        _ => "",
    };

    internal static string? Describe(PreFillEvent happened) => happened switch
    {
        PreFillEvent.ValidateAsked => "possession told to the relying party",
        PreFillEvent.ChallengeAnswered { Refusal: { } refusal } => Describe(refusal),
        PreFillEvent.CompleteAnswered { Refusal: { } refusal } => Describe(refusal),
        PreFillEvent.ChallengeAsked => "challenge accepted",
        PreFillEvent.ChallengeAnswered => "challenge answered",
        PreFillEvent.CompleteAsked => "complete accepted",
        PreFillEvent.CompleteAnswered => "completed",
        _ => null,
    };

    internal static string? Describe(UnifyEvent happened) => happened switch
    {
        UnifyEvent.OwnCheckPassed => "the relying party's own check passed",
        UnifyEvent.Bound { Refusal: { } refusal } => Describe(refusal),
        UnifyEvent.Bound { Obstacle: BindingObstacle.AnotherPerson } => "the number is not the asked-for person's any more",
        UnifyEvent.Bound { Obstacle: BindingObstacle.KeyProvesNothing } => "the key that proved it proves nothing any more",
        UnifyEvent.Bound { Identity: null } => "its life ended before it was tied to its identity",
        UnifyEvent.Bound { Identity.DeviceId: var device, Risk: var risk } =>
            "tied to its identity" + (device is null ? "" : ", with a device") + (risk?.WasRecycled == true ? " (number recycled)" : ""),
        _ => null,
    };

    private static PossessionMethod Method(PossessionState state) => state switch
    {
        PossessionState.Ready r => r.Plan.Method,
        PossessionState.Challenged c => c.Plan.Method,
        _ => default,
    };

    private static string Word(PossessionEvent happened) => happened switch
    {
        PossessionEvent.ProofRejected { Reason: { } reason } => $"refused ({reason})",
        PossessionEvent.ProofRejected => "refused",
        PossessionEvent.Expired => "took too long",
        PossessionEvent.MethodUnavailable { Reason: { } reason } => $"not available ({reason})",
        _ => "not available",
    };

    private static string Word(PossessionFailure reason) => reason switch
    {
        PossessionFailure.Expired => "time is over",
        PossessionFailure.WrongProof => "wrong entries",
        PossessionFailure.Unavailable => "no text could be sent",
        PossessionFailure.GivenUp => "given up",
        _ => "the phone's holder declined",
    };
}
