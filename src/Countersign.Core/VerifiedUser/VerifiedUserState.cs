using System.Text.Json.Serialization;
using Countersign.Core.IdentityMatching;

namespace Countersign.Core.VerifiedUser;

/// <summary>Where a verify flow stands beyond possession. A closed set: the three records below.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(AwaitingPossession), "awaiting-possession")]
[JsonDerivedType(typeof(Matching), "matching")]
[JsonDerivedType(typeof(Done), "done")]
public abstract record VerifiedUserState : ProductState
{
    private VerifiedUserState() { }

    [JsonIgnore]
    public sealed override Product Product => Product.VerifiedUsers;

    [JsonIgnore]
    public sealed override bool IsDecided => this is Done;

    [JsonIgnore]
    public sealed override DateTimeOffset? Deadline => (this as Matching)?.LeaseExpiresAt;

    public sealed record AwaitingPossession : VerifiedUserState;

    /// <summary>The identity source is being asked, by whoever wrote this state.</summary>
    /// <param name="LeaseExpiresAt">When nobody has answered by then, the asker is taken for dead and another may ask.</param>
    public sealed record Matching([property: JsonPropertyName("retakeAt")] DateTimeOffset LeaseExpiresAt) : VerifiedUserState;

    /// <param name="Identity">Null when possession failed or was not accepted, so that nobody was asked.</param>
    /// <param name="Refusal">Why possession was not accepted although it was proven; null when it was.</param>
    public sealed record Done(IdentityAnswer? Identity, PhoneRisk Risk, RiskRefusal? Refusal = null) : VerifiedUserState;
}
