using Countersign.Core.Identity;

namespace Countersign.Core.VerifiedUser;

/// <summary>What may happen to a verify flow. A closed set.</summary>
public abstract record VerifiedUserEvent
{
    private VerifiedUserEvent() { }

    /// <summary>Possession is proven, or was not asked for.</summary>
    public sealed record PossessionSettled : VerifiedUserEvent;

    public sealed record PossessionFailed : VerifiedUserEvent;

    public sealed record IdentityAnswered(IdentityAnswer Identity, PhoneRisk Risk) : VerifiedUserEvent;

    /// <summary>The one who asked the identity source has gone silent.</summary>
    public sealed record Retaken : VerifiedUserEvent;
}
