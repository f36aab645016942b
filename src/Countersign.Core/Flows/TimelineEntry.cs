using Countersign.Core.Identity;
using Countersign.Core.Possession;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>One line of what happened to a flow. It holds method names and reasons, never a number, a name or a code.</summary>
public sealed record TimelineEntry(DateTimeOffset At, string What)
{
    /// <summary>A page that misbehaves must not make a flow grow without end.</summary>
    public const int Most = 50;

    internal static string Describe(PossessionState before, PossessionEvent happened, PossessionState after) => (happened, after) switch
    {
        (PossessionEvent.ChallengeSent e, _) => $"{e.Method} begun",
        (PossessionEvent.Resent, _) => "text sent again",
        (PossessionEvent.NumberChanged, _) => "number changed",
        (_, PossessionState.Succeeded s) => $"possession proven by {s.Method}",
        (_, PossessionState.Failed f) => $"possession failed: {Word(f.Reason)}",
        (PossessionEvent.ProofRejected, PossessionState.Challenged) => "wrong entry",
        (_, PossessionState.Ready r) => $"{Method(before)} {Word(happened)}, {r.Plan.Method} follows",
        _ => "changed",
    };

    internal static string Describe(VerifiedUserState.Done done) => done.Identity switch
    {
        null => "finished without identity match",
        { IsSourceDown: true } => "identity source not available",
        { Match: IdentityMatch.Matched } => "identity matched",
        { Match: IdentityMatch.Differs } => "identity differs",
        _ => "no identity record",
    };

    private static PossessionMethod Method(PossessionState state) => state switch
    {
        PossessionState.Ready r => r.Plan.Method,
        PossessionState.Challenged c => c.Plan.Method,
        _ => default,
    };

    private static string Word(PossessionEvent happened) => happened switch
    {
        PossessionEvent.ProofRejected => "refused",
        PossessionEvent.Expired => "took too long",
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
