using static Countersign.Core.Unify.UnifyEvent;
using static Countersign.Core.Unify.UnifyState;

namespace Countersign.Core.Unify;

/// <summary>
/// The rules of a unify flow: possession or the relying party's own check, then number, identity and device are tied together once.
/// </summary>
public static class UnifyMachine
{
    /// <summary>Longer than the few statements take, short enough that a person still waits.</summary>
    public static readonly TimeSpan BindTime = TimeSpan.FromSeconds(10);

    public static UnifyState Next(UnifyState state, UnifyEvent happened, DateTimeOffset now) => (state, happened) switch
    {
        (AwaitingPossession, PossessionSettled)             => new Binding(now + BindTime),
        (AwaitingPossession, PossessionFailed)              => new Done(null),
        (AwaitingOwnCheck, PossessionSettled)               => new Binding(now + BindTime),
        (AwaitingOwnCheck, OwnCheckPassed)                  => new Binding(now + BindTime),
        (AwaitingOwnCheck, Cancelled)                       => new Done(null, Obstacle: BindingObstacle.Cancelled),
        (Binding b, TakenOver) when now >= b.LeaseExpiresAt => new Binding(now + BindTime),
        (Binding, Bound e)                                  => new Done(e.Identity, e.Risk, e.Refusal, e.Obstacle),
        _ => state,
    };
}
