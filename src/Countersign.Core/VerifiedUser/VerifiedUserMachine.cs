using Countersign.Core.IdentityMatching;
using static Countersign.Core.VerifiedUser.VerifiedUserEvent;
using static Countersign.Core.VerifiedUser.VerifiedUserState;

namespace Countersign.Core.VerifiedUser;

/// <summary>The rules of a verify flow: possession first, then one identity match, then nothing changes any more.</summary>
public static class VerifiedUserMachine
{
    /// <summary>Longer than any identity source may take, short enough that a person still waits.</summary>
    public static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(10);

    public static VerifiedUserState Next(VerifiedUserState state, VerifiedUserEvent happened, DateTimeOffset now) =>
        (state, happened) switch
    {
        (AwaitingPossession, PossessionSettled)              => new Matching(now + MatchTime),
        (AwaitingPossession, PossessionFailed)               => new Done(null, PhoneRisk.Unknown),
        (Matching m, TakenOver) when now >= m.LeaseExpiresAt => new Matching(now + MatchTime),
        (Matching, IdentityAnswered e)                       => new Done(e.Identity, e.Risk, e.Refusal),
        _ => state,
    };
}
