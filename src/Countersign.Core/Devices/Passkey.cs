namespace Countersign.Core.Devices;

/// <summary>A passkey that was registered: what its later proofs are checked against.</summary>
/// <param name="CredentialId">The authenticator's name for it, 1 to 1023 bytes. Must be unique where passkeys are kept: the authenticator
/// chose it.</param>
/// <param name="PublicKey">COSE_Key, as the authenticator wrote it.</param>
/// <param name="Owner">The id of ours that the authenticator keeps beside the key and gives back as "user handle"; nobody's name.</param>
/// <param name="Counter">Proofs counted by the authenticator; zero for ever with those that do not count, as passkeys that are
/// synchronised.</param>
/// <param name="IsBackupEligible">May be copied to other devices of its holder. Never changes.</param>
/// <param name="IsBackedUp">Has been copied, when it was used last.</param>
/// <param name="Transports">How the authenticator can be reached, in WebAuthn's words; empty when the browser did not say.</param>
public sealed record Passkey(
    byte[] CredentialId, byte[] PublicKey, string Owner, uint Counter, bool IsBackupEligible, bool IsBackedUp,
    IReadOnlyList<string> Transports)
{
    public override string ToString() => nameof(Passkey);
}
