using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Unify;

/// <summary>What may happen to a unify flow. A closed set.</summary>
public abstract record UnifyEvent
{
    private UnifyEvent() { }

    public sealed record PossessionSettled : UnifyEvent;

    public sealed record PossessionFailed : UnifyEvent;

    /// <summary>The relying party's own check has passed.</summary>
    public sealed record OwnCheckPassed : UnifyEvent;

    /// <summary>The relying party wants nothing of it any more.</summary>
    public sealed record Cancelled : UnifyEvent;

    /// <summary>The one who was tying number and identity together has gone silent.</summary>
    public sealed record TakenOver : UnifyEvent;

    /// <param name="Identity">Null when there is an obstacle, when possession was not accepted, or the flow's life ended before it was
    /// done.</param>
    /// <param name="Risk">Null when nobody was asked.</param>
    /// <param name="Refusal">Why possession was not accepted although it was proven; null when it was.</param>
    /// <param name="Obstacle">Why the flow is tied to nobody although possession was accepted; null when it is.</param>
    public sealed record Bound(
        BoundIdentity? Identity, PhoneRisk? Risk = null, RiskRefusal? Refusal = null, BindingObstacle? Obstacle = null) : UnifyEvent;
}
