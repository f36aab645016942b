using Countersign.Core.Devices;

namespace Countersign.Core.Possession.DeviceKey;

/// <summary>Registering a passkey and proving one, by WebAuthn.</summary>
public interface IPasskeyCeremony
{
    /// <summary>Asks for a new passkey.</summary>
    /// <param name="excluded">Passkeys that are there already: an authenticator that holds one of them makes no second one.</param>
    Task<BegunCeremony> BeginRegistrationAsync(
        PasskeyRelyingParty relyingParty, PasskeyOwner owner, IReadOnlyList<Passkey> excluded, UserVerification verification);

    /// <param name="state">As <see cref="BeginRegistrationAsync"/> gave it.</param>
    /// <param name="credential">JSON from the browser; any text may be passed.</param>
    Task<RegistrationOutcome> FinishRegistrationAsync(PasskeyRelyingParty relyingParty, string state, string credential);

    /// <summary>Asks for a proof with one of the passkeys.</summary>
    Task<BegunCeremony> BeginAssertionAsync(
        PasskeyRelyingParty relyingParty, IReadOnlyList<Passkey> allowed, UserVerification verification);

    /// <summary>The id by which the known passkey is to be found; null when the text is no proof at all.</summary>
    byte[]? CredentialIdOf(string credential);

    /// <param name="state">As <see cref="BeginAssertionAsync"/> gave it.</param>
    /// <param name="credential">JSON from the browser; any text may be passed.</param>
    /// <param name="known">As it is stored now.</param>
    Task<AssertionOutcome> FinishAssertionAsync(PasskeyRelyingParty relyingParty, string state, string credential, Passkey known);
}
