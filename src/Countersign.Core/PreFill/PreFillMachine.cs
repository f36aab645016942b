using static Countersign.Core.PreFill.PreFillEvent;
using static Countersign.Core.PreFill.PreFillState;

namespace Countersign.Core.PreFill;

/// <summary>
/// The rules of a pre-fill flow: possession, validate, then challenge and complete, each accepted once. A pair that is not in the table
/// changes nothing: that call is out of order.
/// </summary>
public static class PreFillMachine
{
    /// <summary>Longer than any identity source may take, short enough that a person still waits.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    public static PreFillState Next(PreFillState state, PreFillEvent happened, DateTimeOffset now) => (state, happened) switch
    {
        (AwaitingPossession, PossessionSettled)                                        => new Proven(),
        (AwaitingPossession, PossessionFailed)                                         => new Failed(),
        (Proven, ValidateAsked { Shape: StartShape.PreFill })                          => new AwaitingChallenge(),
        (Proven, ValidateAsked)                                                        => new AwaitingComplete(IsChallenged: false),
        (AwaitingChallenge, ChallengeAsked)                                            => new Challenging(now + AnswerTime),
        (Challenging c, ChallengeAsked) when now >= c.LeaseExpiresAt                   => new Challenging(now + AnswerTime),
        (Challenging c, ChallengeAnswered e) when e.LeaseExpiresAt == c.LeaseExpiresAt => new AwaitingComplete(IsChallenged: true),
        (AwaitingComplete, CompleteAsked)                                              => new Completing(now + AnswerTime),
        (Completing c, CompleteAsked) when now >= c.LeaseExpiresAt                     => new Completing(now + AnswerTime),
        (Completing c, CompleteAnswered e) when e.LeaseExpiresAt == c.LeaseExpiresAt   => new Completed(),
        (Proven or AwaitingChallenge or AwaitingComplete, Cancelled)                   => new Failed(),
        // While somebody is being asked, that call is answered first.
        (Challenging c, Cancelled) when now >= c.LeaseExpiresAt                        => new Failed(),
        (Completing c, Cancelled) when now >= c.LeaseExpiresAt                         => new Failed(),
        _ => state,
    };
}
