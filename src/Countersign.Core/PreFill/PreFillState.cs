using System.Text.Json.Serialization;

namespace Countersign.Core.PreFill;

/// <summary>Where a pre-fill flow stands beyond possession. A closed set: the eight records below.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(AwaitingPossession), "awaiting-possession")]
[JsonDerivedType(typeof(Proven), "proven")]
[JsonDerivedType(typeof(AwaitingChallenge), "awaiting-challenge")]
[JsonDerivedType(typeof(Challenging), "challenging")]
[JsonDerivedType(typeof(AwaitingComplete), "awaiting-complete")]
[JsonDerivedType(typeof(Completing), "completing")]
[JsonDerivedType(typeof(Completed), "completed")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record PreFillState
{
    private PreFillState() { }

    public sealed record AwaitingPossession : PreFillState;

    /// <summary>Possession is proven; the relying party has not yet been told.</summary>
    public sealed record Proven : PreFillState;

    public sealed record AwaitingChallenge : PreFillState;

    /// <summary>The identity source is being asked for the person, by whoever wrote this state.</summary>
    /// <param name="LeaseExpiresAt">When nobody has answered by then, the asker is taken for dead and the call may be made again.</param>
    public sealed record Challenging([property: JsonPropertyName("retakeAt")] DateTimeOffset LeaseExpiresAt) : PreFillState;

    /// <param name="IsChallenged">False in the identity shape, which has no challenge.</param>
    public sealed record AwaitingComplete(bool IsChallenged) : PreFillState;

    /// <summary>The person's data are being checked, by whoever wrote this state.</summary>
    /// <param name="LeaseExpiresAt">When nobody has answered by then, the asker is taken for dead and the call may be made again.</param>
    public sealed record Completing([property: JsonPropertyName("retakeAt")] DateTimeOffset LeaseExpiresAt) : PreFillState;

    public sealed record Completed : PreFillState;

    /// <summary>Possession has failed, or the relying party has cancelled the flow.</summary>
    public sealed record Failed : PreFillState;
}
