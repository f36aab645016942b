using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;

namespace Countersign.Providers.Scenarios;

/// <summary>An authenticator whose passkeys are refused, for the reason of the step that shows one.</summary>
internal sealed class ScenarioPasskeys(ScenarioScript script) : IPasskeyCeremony
{
    private static readonly BegunCeremony _begun = new("{}", "scenario");

    public Task<BegunCeremony> BeginRegistrationAsync(
        PasskeyRelyingParty relyingParty, PasskeyOwner owner, IReadOnlyList<Passkey> excluded, UserVerification verification) =>
        Task.FromResult(_begun);

    public Task<RegistrationOutcome> FinishRegistrationAsync(PasskeyRelyingParty relyingParty, string state, string credential) =>
        Task.FromResult<RegistrationOutcome>(new RegistrationOutcome.Refused(Refusal));

    public Task<BegunCeremony> BeginAssertionAsync(
        PasskeyRelyingParty relyingParty, IReadOnlyList<Passkey> allowed, UserVerification verification) => Task.FromResult(_begun);

    public byte[]? CredentialIdOf(string credential) => null;

    public Task<AssertionOutcome> FinishAssertionAsync(
        PasskeyRelyingParty relyingParty, string state, string credential, Passkey known) =>
        Task.FromResult<AssertionOutcome>(new AssertionOutcome.Refused(Refusal));

    private PasskeyRefusal Refusal => script.Step.Reason switch
    {
        FlowReason.PasskeyMalformed => PasskeyRefusal.Malformed,
        FlowReason.PasskeyNotAskedFor => PasskeyRefusal.OtherCeremony,
        FlowReason.PasskeyPageNotAllowed => PasskeyRefusal.OriginNotAllowed,
        FlowReason.PasskeyCounter => PasskeyRefusal.CounterWentBack,
        FlowReason.PasskeyOvertaken => PasskeyRefusal.Overtaken,
        FlowReason.PasskeyNotVerified => PasskeyRefusal.NotVerified,
        FlowReason.PasskeyBackupChanged => PasskeyRefusal.BackupEligibilityChanged,
        _ => PasskeyRefusal.NotProven,
    };
}
