using Countersign.Core.IdentityMatching;

namespace Countersign.Core.VerifiedUser;

/// <summary>What may happen to a verify flow. A closed set.</summary>
public abstract record VerifiedUserEvent
{
    private VerifiedUserEvent() { }

    /// <summary>Possession is proven, or was not asked for.</summary>
    public sealed record PossessionSettled : VerifiedUserEvent;

    public sealed record PossessionFailed : VerifiedUserEvent;

    /// <param name="Identity">Null when possession was not accepted, so that nobody was asked.</param>
    /// <param name="Refusal">Why possession was not accepted; null when it was.</param>
    public sealed record IdentityAnswered(IdentityAnswer? Identity, PhoneRisk Risk, RiskRefusal? Refusal = null) : VerifiedUserEvent;

    /// <summary>The one who asked the identity source has gone silent.</summary>
    public sealed record TakenOver : VerifiedUserEvent;
}
