namespace Countersign.Core.Devices;

/// <summary>
/// A browser that holds a key of its own, a passkey, or both. What is secret never leaves it; here is the key's public half.
/// </summary>
/// <param name="Id">Given by this server when the key or the passkey was registered.</param>
/// <param name="KeyId">Given by the browser; null, as the key, for one that has a passkey only.</param>
/// <param name="PublicKey">ECDSA P-256, DER SubjectPublicKeyInfo.</param>
/// <param name="IdentityId">The identity (its proveId) whose number the device's holder has proven; null until then.</param>
/// <param name="IsRevoked">A revoked device proves nothing any more, for ever, and neither do its passkeys.</param>
/// <param name="VouchedBy">The device whose passkey brought this key in; null when none did. Its passkey is forgotten when this one is
/// revoked.</param>
/// <param name="KeptUntil">How long it is kept while it is tied to no identity: until every flow that may still tie it is over. Null when
/// not known.</param>
/// <param name="LastUsedAt">When it last proved something, to a day; null until then.</param>
/// <param name="AgesFrom">When the passkey was made that brought it in; null for one that ages from when it was registered.</param>
public sealed record Device(
    Guid Id, ProjectId ProjectId, string? KeyId, byte[]? PublicKey, DateTimeOffset CreatedAt, Guid? IdentityId = null,
    bool IsRevoked = false, Guid? VouchedBy = null, DateTimeOffset? KeptUntil = null, DateTimeOffset? LastUsedAt = null,
    DateTimeOffset? AgesFrom = null)
{
    /// <summary>For so long after a use on file another one is not kept: a write for each would say no more.</summary>
    public static readonly TimeSpan UseIsKnownFor = TimeSpan.FromDays(1);

    /// <summary>Neither too old nor unused for too long.</summary>
    public bool IsWithin(KeyHorizon horizon) => (AgesFrom ?? CreatedAt) > horizon.MadeAfter && LastUse > horizon.UsedAfter;

    /// <summary>Its use at this moment is to be kept.</summary>
    public bool IsUseNews(DateTimeOffset now) => now - LastUse >= UseIsKnownFor;

    private DateTimeOffset LastUse => LastUsedAt ?? CreatedAt;

    public override string ToString() => Id.ToString();
}
