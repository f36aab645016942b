using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Server.Security.WebAuthn;
using Countersign.Server.Tests.Fixtures;
using static Countersign.Server.Tests.Security.WebAuthn.PasskeySample;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Tests.Security.WebAuthn;

public sealed class PasskeyRegistrationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_authenticator_registers_a_passkey_of_either_algorithm(bool isRsa)
    {
        using var authenticator = new VirtualAuthenticator(Origin, isRsa) { Counter = 7 };
        var begun = await BeginRegistrationAsync();

        var outcome = await FinishAsync(begun.State, authenticator.Create(begun.OptionsJson));

        var passkey = Assert.IsType<RegistrationOutcome.Registered>(outcome).Passkey;
        Assert.Equal(authenticator.CredentialId, passkey.CredentialId);
        Assert.Equal(Owner.Id, passkey.Owner);
        Assert.Equal(7u, passkey.Counter);
        Assert.False(passkey.IsBackupEligible);
        Assert.Empty(passkey.Transports);
    }

    [Fact]
    public async Task The_browser_is_asked_for_a_passkey_of_the_relying_party_without_attestation()
    {
        var begun = await BeginRegistrationAsync(UserVerification.Required);

        var options = JsonNode.Parse(begun.OptionsJson)!;
        Assert.Equal("""{"name":"The Shop","id":"shop.example"}""", options["rp"]!.ToJsonString());
        Assert.Equal(Owner.Id, Encoding.UTF8.GetString(Base64Url.DecodeFromChars(options["user"]!["id"]!.GetValue<string>())));
        Assert.Equal("My phone", options["user"]!["displayName"]!.GetValue<string>());
        Assert.Equal("none", options["attestation"]!.GetValue<string>());
        Assert.Equal([-7, -257], options["pubKeyCredParams"]!.AsArray().Select(parameter => parameter!["alg"]!.GetValue<int>()));
        Assert.Equal("required", options["authenticatorSelection"]!["userVerification"]!.GetValue<string>());
        Assert.Equal(32, Base64Url.DecodeFromChars(options["challenge"]!.GetValue<string>()).Length);
    }

    [Fact]
    public async Task Passkeys_that_are_there_already_are_excluded()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var known = await RegisterAsync(authenticator);

        var begun = await BeginRegistrationAsync(excluded: [known, known with { Transports = ["internal"] }]);

        var id = Base64Url.EncodeToString(known.CredentialId);
        Assert.Equal(
            $$"""[{"type":"public-key","id":"{{id}}"},{"type":"public-key","id":"{{id}}","transports":["internal"]}]""",
            JsonNode.Parse(begun.OptionsJson)!["excludeCredentials"]!.ToJsonString());
    }

    [Fact]
    public async Task Every_ceremony_has_a_challenge_of_its_own()
    {
        var first = await BeginRegistrationAsync();
        var second = await BeginRegistrationAsync();

        Assert.NotEqual(JsonNode.Parse(first.OptionsJson)!["challenge"]!.GetValue<string>(),
            JsonNode.Parse(second.OptionsJson)!["challenge"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_the_browser_says_of_the_authenticator_is_kept_where_it_is_known()
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Flags = 0x1D };
        var begun = await BeginRegistrationAsync();
        var credential = authenticator.Create(begun.OptionsJson);
        credential["response"]!["transports"] = new JsonArray("internal", "telepathy", "hybrid", 1, null);
        credential["clientExtensionResults"] = new JsonObject { ["credProps"] = new JsonObject { ["rk"] = true } };
        credential["authenticatorAttachment"] = "platform";

        var outcome = await FinishAsync(begun.State, credential);

        var passkey = Assert.IsType<RegistrationOutcome.Registered>(outcome).Passkey;
        Assert.Equal(["hybrid", "internal"], passkey.Transports);
        Assert.True(passkey.IsBackupEligible);
        Assert.True(passkey.IsBackedUp);
    }

    public static TheoryData<string, bool, string> WrongInOneThing => new()
    {
        { "challenge", false, nameof(PasskeyRefusal.NotProven) },
        { "origin", false, nameof(PasskeyRefusal.OriginNotAllowed) },
        { "plain origin", false, nameof(PasskeyRefusal.OriginNotAllowed) },
        { "cross origin", false, nameof(PasskeyRefusal.OriginNotAllowed) },
        { "top origin", false, nameof(PasskeyRefusal.OriginNotAllowed) },
        { "relying party", false, nameof(PasskeyRefusal.NotProven) },
        { "type", false, nameof(PasskeyRefusal.NotProven) },
        { "nobody present", false, nameof(PasskeyRefusal.NotProven) },
        { "nobody verified", true, nameof(PasskeyRefusal.NotVerified) },
        { "backed up but not eligible", false, nameof(PasskeyRefusal.NotProven) },
        { "key of another algorithm", false, nameof(PasskeyRefusal.NotProven) },
        { "key that is none", false, nameof(PasskeyRefusal.NotProven) },
        { "id longer than 1023 bytes", false, nameof(PasskeyRefusal.NotProven) },
    };

    [Theory]
    [MemberData(nameof(WrongInOneThing))]
    public async Task A_registration_that_is_wrong_in_one_thing_is_refused(string thing, bool mustVerify, string reason)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        Change(authenticator, thing);
        var begun = await BeginRegistrationAsync(mustVerify ? UserVerification.Required : UserVerification.Preferred);

        var outcome = await FinishAsync(begun.State, authenticator.Create(begun.OptionsJson));

        Assert.Equal(new RegistrationOutcome.Refused(Enum.Parse<PasskeyRefusal>(reason)), outcome);
    }

    [Fact]
    public async Task Without_verification_a_passkey_is_registered_where_it_is_only_preferred()
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Flags = 0x01 };
        var begun = await BeginRegistrationAsync(UserVerification.Preferred);

        var outcome = await FinishAsync(begun.State, authenticator.Create(begun.OptionsJson));

        Assert.IsType<RegistrationOutcome.Registered>(outcome);
    }

    [Fact]
    public async Task The_id_must_be_the_one_that_the_authenticator_wrote_down()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var begun = await BeginRegistrationAsync();
        var credential = authenticator.Create(begun.OptionsJson);
        credential["id"] = Base64Url.EncodeToString(new byte[32]);
        credential["rawId"] = Base64Url.EncodeToString(new byte[32]);

        var outcome = await FinishAsync(begun.State, credential);

        Assert.Equal(new RegistrationOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Fact]
    public async Task An_answer_to_one_registration_does_not_finish_another()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var first = await BeginRegistrationAsync();
        var second = await BeginRegistrationAsync();

        var outcome = await FinishAsync(second.State, authenticator.Create(first.OptionsJson));

        Assert.Equal(new RegistrationOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Fact]
    public async Task A_registration_begun_for_one_domain_is_not_finished_for_another()
    {
        using var authenticator = new VirtualAuthenticator(Bank.Origins[0]) { RelyingPartyId = Bank.Id };
        var begun = await BeginRegistrationAsync();

        var outcome = await PasskeyCeremonies.FinishRegistrationAsync(
            Bank, begun.State, authenticator.Create(begun.OptionsJson).ToJsonString());

        Assert.Equal(new RegistrationOutcome.Refused(PasskeyRefusal.OtherCeremony), outcome);
    }

    [Fact]
    public async Task The_state_of_a_proof_finishes_no_registration()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var registration = await BeginRegistrationAsync();
        var proof = await BeginAssertionAsync(UserVerification.Preferred);

        var outcome = await FinishAsync(proof.State, authenticator.Create(registration.OptionsJson));

        Assert.Equal(new RegistrationOutcome.Refused(PasskeyRefusal.OtherCeremony), outcome);
    }

    [Theory]
    [MemberData(nameof(HostileCredentials.Names), MemberType = typeof(HostileCredentials))]
    public async Task What_is_no_credential_is_refused_and_throws_nothing(string name)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var begun = await BeginRegistrationAsync();
        var hostile = HostileCredentials.Make(name, authenticator.Create(begun.OptionsJson), "attestationObject");

        var outcome = await PasskeyCeremonies.FinishRegistrationAsync(Shop, begun.State, hostile);

        Assert.Equal(new RegistrationOutcome.Refused(PasskeyRefusal.Malformed), outcome);
    }

    [Theory]
    [InlineData("nested", "A1 67 61747453746D74", "81", 5000)]
    [InlineData("nested without end", "A1 67 61747453746D74", "9F", 5000)]
    [InlineData("a list of four billion", "A1 67 61747453746D74 9A FFFFFFFF", "00", 10)]
    [InlineData("bytes past all memory", "A1 68 6175746844617461 5B 7FFFFFFFFFFFFFFF", "00", 10)]
    [InlineData("a map without end", "BF", "", 0)]
    [InlineData("no map", "00", "", 0)]
    public async Task An_attestation_of_hostile_shape_is_refused(string shape, string beginning, string repeated, int times)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var begun = await BeginRegistrationAsync();
        var credential = authenticator.Create(begun.OptionsJson);
        var bytes = Convert.FromHexString(
            beginning.Replace(" ", "", StringComparison.Ordinal) + string.Concat(Enumerable.Repeat(repeated, times)));
        credential["response"]!["attestationObject"] = Base64Url.EncodeToString(bytes);

        var outcome = await FinishAsync(begun.State, credential);

        Assert.True(outcome == new RegistrationOutcome.Refused(PasskeyRefusal.NotProven), shape);
    }

    [Fact]
    public async Task No_altered_byte_of_an_attestation_throws_or_finds_another_owner()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var begun = await BeginRegistrationAsync();
        var credential = authenticator.Create(begun.OptionsJson);

        foreach (var altered in Alterations.OfEveryByte(credential, "attestationObject", "clientDataJSON"))
        {
            var outcome = await FinishAsync(begun.State, altered);

            Assert.True(
                outcome is RegistrationOutcome.Refused
                    || outcome is RegistrationOutcome.Registered { Passkey.Owner: var owner } && owner == Owner.Id);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task An_owner_whose_id_no_authenticator_keeps_is_a_mistake_of_the_caller(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => BeginRegistrationAsync(owner: new PasskeyOwner(id, "My phone")));
    }

    private static Task<RegistrationOutcome> FinishAsync(string state, JsonObject credential) =>
        PasskeyCeremonies.FinishRegistrationAsync(Shop, state, credential.ToJsonString());

    private static void Change(VirtualAuthenticator authenticator, string thing)
    {
        switch (thing)
        {
            case "key of another algorithm":
                // ES512 instead of ES256: {3: -36}.
                authenticator.PublicKey = key => [.. key[..3], 0x03, 0x38, 0x23, .. key[5..]];
                break;
            case "key that is none":
                authenticator.PublicKey = key => [.. key[..10], .. new byte[32], .. key[42..]];
                break;
            case "id longer than 1023 bytes":
                authenticator.CredentialId = new byte[1024];
                break;
            default:
                Alterations.Change(authenticator, thing, "webauthn.get");
                break;
        }
    }
}
