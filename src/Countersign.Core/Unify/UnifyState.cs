using System.Text.Json.Serialization;
using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Unify;

/// <summary>Where a unify flow stands beyond possession. A closed set: the four records below.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(AwaitingPossession), "awaiting-possession")]
[JsonDerivedType(typeof(AwaitingOwnCheck), "awaiting-own-check")]
[JsonDerivedType(typeof(Binding), "binding")]
[JsonDerivedType(typeof(Done), "done")]
public abstract record UnifyState
{
    private UnifyState() { }

    public sealed record AwaitingPossession : UnifyState;

    /// <summary>The relying party checks possession itself and says so by unify-bind. A known device key does as well.</summary>
    public sealed record AwaitingOwnCheck : UnifyState;

    /// <summary>Number, identity and device are being tied together, by whoever wrote this state.</summary>
    /// <param name="LeaseExpiresAt">When it is not done by then, whoever was at it is taken for dead and another may do it.</param>
    public sealed record Binding([property: JsonPropertyName("retakeAt")] DateTimeOffset LeaseExpiresAt) : UnifyState;

    /// <param name="Identity">Null when possession failed or was not accepted, or the flow's life ended first.</param>
    /// <param name="Risk">What was known of the number when possession was settled; null when nobody was asked.</param>
    /// <param name="Refusal">Why possession was not accepted although it was proven; null when it was.</param>
    /// <param name="Obstacle">Why the flow was tied to nobody although possession was proven and accepted; null when it was, or that is not
    /// why.</param>
    public sealed record Done(
        BoundIdentity? Identity, PhoneRisk? Risk = null, RiskRefusal? Refusal = null, BindingObstacle? Obstacle = null) : UnifyState;
}

/// <summary>Why a flow is tied to nobody although possession was proven. Stored names are for ever.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BindingObstacle>))]
public enum BindingObstacle
{
    /// <summary>The key that proved it was revoked, or the number went to somebody else, while its proof was taken.</summary>
    KeyProvesNothing,
    /// <summary>
    /// The flow is about one person, and the number is not theirs any more: they were forgotten, or it went to somebody else.
    /// </summary>
    AnotherPerson,
    /// <summary>The relying party was to check possession itself, and has cancelled the flow instead.</summary>
    Cancelled,
}

/// <summary>Who the flow has turned out to be.</summary>
/// <param name="ProveId">Stable for this person and project.</param>
/// <param name="DeviceId">The device whose key is tied to the person; null when none took part.</param>
public sealed record BoundIdentity(Guid ProveId, Guid? DeviceId);
