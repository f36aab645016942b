using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Server.Security.WebAuthn;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Security.WebAuthn;

internal static class PasskeySample
{
    public const string Origin = "https://login.shop.example";

    public static PasskeyRelyingParty Shop { get; } = new("shop.example", "The Shop", [Origin, "https://shop.example"]);

    public static PasskeyRelyingParty Bank { get; } = new("bank.example", "The Bank", ["https://bank.example"]);

    public static PasskeyOwner Owner { get; } = new("0198c4f2-7a10-7c00-8000-1f2e3d4c5b6a", "My phone");

    public static Task<BegunCeremony> BeginRegistrationAsync(
        UserVerification verification = UserVerification.Preferred, PasskeyOwner? owner = null, params IReadOnlyList<Passkey> excluded) =>
        PasskeyCeremonies.BeginRegistrationAsync(Shop, owner ?? Owner, excluded, verification);

    public static Task<BegunCeremony> BeginAssertionAsync(UserVerification verification, params IReadOnlyList<Passkey> allowed) =>
        PasskeyCeremonies.BeginAssertionAsync(Shop, allowed, verification);

    public static async Task<Passkey> RegisterAsync(VirtualAuthenticator authenticator, PasskeyOwner? owner = null)
    {
        var begun = await BeginRegistrationAsync(owner: owner);
        var outcome = await PasskeyCeremonies.FinishRegistrationAsync(
            Shop, begun.State, authenticator.Create(begun.OptionsJson).ToJsonString());
        return Assert.IsType<RegistrationOutcome.Registered>(outcome).Passkey;
    }
}
