namespace Countersign.Core.Devices;

/// <summary>A browser that holds a key of its own. The key never leaves it; here is its public half.</summary>
/// <param name="Id">Given by this server when the key was registered.</param>
/// <param name="KeyId">Given by the browser.</param>
/// <param name="PublicKey">ECDSA P-256, DER SubjectPublicKeyInfo.</param>
/// <param name="IdentityId">The identity (its proveId) whose number the device's holder has proven; null until then.</param>
/// <param name="IsRevoked">A revoked device proves nothing any more, for ever.</param>
public sealed record Device(
    Guid Id, string ProjectId, string KeyId, byte[] PublicKey, DateTimeOffset CreatedAt, Guid? IdentityId = null, bool IsRevoked = false)
{
    public override string ToString() => Id.ToString();
}
