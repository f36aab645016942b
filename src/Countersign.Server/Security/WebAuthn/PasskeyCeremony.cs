using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>The port's adapter: <see cref="PasskeyCeremonies"/> keeps nothing.</summary>
internal sealed class PasskeyCeremony : IPasskeyCeremony
{
    public Task<BegunCeremony> BeginRegistrationAsync(
        PasskeyRelyingParty relyingParty, PasskeyOwner owner, IReadOnlyList<Passkey> excluded, UserVerification verification) =>
        PasskeyCeremonies.BeginRegistrationAsync(relyingParty, owner, excluded, verification);

    public Task<RegistrationOutcome> FinishRegistrationAsync(PasskeyRelyingParty relyingParty, string state, string credential) =>
        PasskeyCeremonies.FinishRegistrationAsync(relyingParty, state, credential);

    public Task<BegunCeremony> BeginAssertionAsync(
        PasskeyRelyingParty relyingParty, IReadOnlyList<Passkey> allowed, UserVerification verification) =>
        PasskeyCeremonies.BeginAssertionAsync(relyingParty, allowed, verification);

    public byte[]? CredentialIdOf(string credential) => PasskeyCeremonies.CredentialIdOf(credential);

    public Task<AssertionOutcome> FinishAssertionAsync(PasskeyRelyingParty relyingParty, string state, string credential, Passkey known) =>
        PasskeyCeremonies.FinishAssertionAsync(relyingParty, state, credential, known);
}
