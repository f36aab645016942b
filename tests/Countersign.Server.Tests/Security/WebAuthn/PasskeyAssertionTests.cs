using System.Text.Json.Nodes;
using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Server.Security.WebAuthn;
using Countersign.Server.Tests.Fixtures;
using static Countersign.Server.Tests.Security.WebAuthn.PasskeySample;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Tests.Security.WebAuthn;

public sealed class PasskeyAssertionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_holder_of_a_passkey_proves_it_again_and_again(bool isRsa)
    {
        using var authenticator = new VirtualAuthenticator(Origin, isRsa);
        var passkey = await RegisterAsync(authenticator);

        for (var counter = 2u; counter < 5; counter++)
        {
            authenticator.Counter = counter;
            var begun = await BeginAssertionAsync(UserVerification.Required, passkey);
            var outcome = await FinishAsync(begun.State, authenticator.Get(begun.OptionsJson), passkey);
            passkey = Assert.IsType<AssertionOutcome.Proven>(outcome).Passkey;

            Assert.Equal(counter, passkey.Counter);
        }
    }

    [Fact]
    public async Task The_browser_is_asked_for_one_of_the_passkeys()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator) with { Transports = ["internal"] };

        var begun = await BeginAssertionAsync(
            UserVerification.Preferred, passkey, passkey with { CredentialId = [1, 2, 3], Transports = [] });

        var options = JsonNode.Parse(begun.OptionsJson)!;
        Assert.Equal("shop.example", options["rpId"]!.GetValue<string>());
        Assert.Equal("preferred", options["userVerification"]!.GetValue<string>());
        Assert.Equal(
            $$"""[{"type":"public-key","id":"{{Base64Url.EncodeToString(passkey.CredentialId)}}","transports":["internal"]}"""
                + """,{"type":"public-key","id":"AQID"}]""",
            options["allowCredentials"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_allows_any_passkey_sends_no_list_of_them()
    {
        var begun = await BeginAssertionAsync(UserVerification.Preferred);

        Assert.False(JsonNode.Parse(begun.OptionsJson)!.AsObject().ContainsKey("allowCredentials"));
    }

    [Fact]
    public async Task Any_passkey_of_the_authenticator_proves_itself_when_any_is_allowed()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred);
        var credential = authenticator.Get(begun.OptionsJson);

        var outcome = await FinishAsync(begun.State, credential, passkey);

        Assert.IsType<AssertionOutcome.Proven>(outcome);
        Assert.Equal(passkey.CredentialId, PasskeyCeremonies.CredentialIdOf(credential.ToJsonString()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_authenticator_may_leave_its_owner_out_where_the_owner_was_known(bool isNull)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var known = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var any = await BeginAssertionAsync(UserVerification.Preferred);

        var toKnown = await FinishAsync(known.State, WithoutOwner(authenticator.Get(known.OptionsJson), isNull), passkey);
        var toAny = await FinishAsync(any.State, WithoutOwner(authenticator.Get(any.OptionsJson), isNull), passkey);

        Assert.IsType<AssertionOutcome.Proven>(toKnown);
        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), toAny);
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
        { "suddenly eligible for backup", false, nameof(PasskeyRefusal.BackupEligibilityChanged) },
        { "id", false, nameof(PasskeyRefusal.NotProven) },
    };

    [Theory]
    [MemberData(nameof(WrongInOneThing))]
    public async Task A_proof_that_is_wrong_in_one_thing_is_refused(string thing, bool mustVerify, string reason)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        Alterations.Change(authenticator, thing, "webauthn.create");
        var begun = await BeginAssertionAsync(mustVerify ? UserVerification.Required : UserVerification.Preferred, passkey);

        var outcome = await FinishAsync(begun.State, authenticator.Get(begun.OptionsJson), passkey);

        Assert.Equal(new AssertionOutcome.Refused(Enum.Parse<PasskeyRefusal>(reason)), outcome);
    }

    [Fact]
    public async Task No_byte_of_a_proof_can_be_altered()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var credential = authenticator.Get(begun.OptionsJson);

        foreach (var altered in Alterations.OfEveryByte(credential, "authenticatorData", "clientDataJSON", "signature", "userHandle"))
        {
            Assert.IsType<AssertionOutcome.Refused>(await FinishAsync(begun.State, altered, passkey));
        }
        Assert.IsType<AssertionOutcome.Proven>(await FinishAsync(begun.State, credential, passkey));
    }

    [Fact]
    public async Task No_byte_of_the_public_key_can_be_altered()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var credential = authenticator.Get(begun.OptionsJson);

        foreach (var key in Alterations.OfEveryByte(passkey.PublicKey))
        {
            var outcome = await FinishAsync(begun.State, credential, passkey with { PublicKey = key });

            Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
        }
    }

    [Fact]
    public async Task Anothers_key_proves_nothing()
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Counter = 2 };
        using var thief = new VirtualAuthenticator(Origin) { CredentialId = authenticator.CredentialId };
        var passkey = await RegisterAsync(authenticator);
        await RegisterAsync(thief);
        thief.Counter = 3;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);

        var outcome = await FinishAsync(begun.State, thief.Get(begun.OptionsJson), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Theory]
    [InlineData(5, 4, false)]
    [InlineData(5, 5, false)]
    [InlineData(5, 0, false)]
    [InlineData(5, 6, true)]
    [InlineData(0, 0, true)]
    [InlineData(0, 1, true)]
    [InlineData(4_294_967_294, 4_294_967_295, true)]
    public async Task A_counter_grows_or_stays_zero(uint stored, uint answered, bool isProven)
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Counter = stored };
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = answered;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);

        var outcome = await FinishAsync(begun.State, authenticator.Get(begun.OptionsJson), passkey);

        Assert.Equal(
            isProven ? new AssertionOutcome.Proven(passkey with { Counter = answered })
                : new AssertionOutcome.Refused(PasskeyRefusal.CounterWentBack), outcome);
    }

    [Theory]
    // Two pages asked at 5, and the proof of the other one came first.
    [InlineData(5, 7, 6, nameof(PasskeyRefusal.Overtaken))]
    [InlineData(0, 2, 1, nameof(PasskeyRefusal.Overtaken))]
    [InlineData(5, 7, 7, nameof(PasskeyRefusal.Overtaken))]
    [InlineData(5, 7, 5, nameof(PasskeyRefusal.CounterWentBack))]
    [InlineData(5, 7, 4, nameof(PasskeyRefusal.CounterWentBack))]
    [InlineData(5, 7, 0, nameof(PasskeyRefusal.CounterWentBack))]
    [InlineData(5, 7, 8, null)]
    public async Task A_counter_is_held_against_what_it_was_when_it_was_asked_for(uint asked, uint stored, uint answered, string? reason)
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Counter = asked };
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = answered;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey with { CredentialId = [1, 2, 3], Counter = 9 }, passkey);

        var outcome = await FinishAsync(begun.State, authenticator.Get(begun.OptionsJson), passkey with { Counter = stored });

        Assert.Equal(reason, (outcome as AssertionOutcome.Refused)?.Reason.ToString());
    }

    [Fact]
    public async Task Of_a_question_that_was_kept_without_counters_no_counter_is_said_to_have_gone_back()
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Counter = 5 };
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 4;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var state = JsonNode.Parse(begun.State)!.AsObject();
        Assert.True(state.Remove("Counters"));

        var outcome = await FinishAsync(state.ToJsonString(), authenticator.Get(begun.OptionsJson), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.Overtaken), outcome);
    }

    [Fact]
    public async Task A_wrong_signature_says_nothing_of_its_counter()
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Counter = 5 };
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 4;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var credential = authenticator.Get(begun.OptionsJson);
        credential["response"]!["signature"] = "AAAA";

        var outcome = await FinishAsync(begun.State, credential, passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Fact]
    public async Task A_passkey_that_was_copied_since_is_known_as_such()
    {
        using var authenticator = new VirtualAuthenticator(Origin) { Flags = 0x0D, Counter = 0 };
        var passkey = await RegisterAsync(authenticator);
        authenticator.Flags = 0x1D;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);

        var outcome = await FinishAsync(begun.State, authenticator.Get(begun.OptionsJson), passkey);

        Assert.False(passkey.IsBackedUp);
        Assert.True(Assert.IsType<AssertionOutcome.Proven>(outcome).Passkey.IsBackedUp);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_owners_passkey_does_not_answer_for_this_one(bool saysItsOwner)
    {
        using var mine = new VirtualAuthenticator(Origin);
        using var anothers = new VirtualAuthenticator(Origin);
        var asked = await RegisterAsync(mine);
        var given = await RegisterAsync(anothers, new PasskeyOwner("another", "Another phone"));
        anothers.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, asked);
        var credential = anothers.Get(begun.OptionsJson);

        var outcome = await FinishAsync(begun.State, saysItsOwner ? credential : WithoutOwner(credential, isNull: false), given);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Fact]
    public async Task Who_names_another_owner_proves_nothing_where_any_passkey_is_allowed()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred);
        var credential = authenticator.Get(begun.OptionsJson);
        credential["response"]!["userHandle"] = "AAAA";

        var outcome = await FinishAsync(begun.State, credential, passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Fact]
    public async Task An_answer_to_one_question_does_not_answer_the_next()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var first = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var second = await BeginAssertionAsync(UserVerification.Preferred, passkey);

        var outcome = await FinishAsync(second.State, authenticator.Get(first.OptionsJson), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Fact]
    public async Task A_question_of_one_domain_is_not_answered_for_another()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        authenticator.Origin = Bank.Origins[0];
        authenticator.RelyingPartyId = Bank.Id;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);

        var outcome = await PasskeyCeremonies.FinishAssertionAsync(
            Bank, begun.State, authenticator.Get(begun.OptionsJson).ToJsonString(), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.OtherCeremony), outcome);
    }

    [Fact]
    public async Task The_state_of_a_registration_finishes_no_proof()
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var registration = await BeginRegistrationAsync();
        var question = JsonNode.Parse(registration.OptionsJson)!;
        question["rpId"] = Shop.Id;

        var outcome = await FinishAsync(registration.State, authenticator.Get(question.ToJsonString()), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.OtherCeremony), outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"Ceremony":"Assertion","RelyingParty":"shop.example","Verification":"Preferred","Challenge":null}""")]
    [InlineData("""{"Ceremony":"Assertion","RelyingParty":"shop.example","Verification":"Preferred"}""")]
    [InlineData("""{"Ceremony":"Assertion","RelyingParty":"shop.example","Challenge":"{}"}""")]
    public async Task What_is_no_state_finishes_no_proof(string state)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);

        var outcome = await FinishAsync(state, authenticator.Get(begun.OptionsJson), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.OtherCeremony), outcome);
    }

    [Theory]
    [MemberData(nameof(HostileCredentials.Names), MemberType = typeof(HostileCredentials))]
    public async Task What_is_no_credential_is_refused_and_throws_nothing(string name)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, passkey);
        var hostile = HostileCredentials.Make(name, authenticator.Get(begun.OptionsJson), "signature");

        var outcome = await PasskeyCeremonies.FinishAssertionAsync(Shop, begun.State, hostile, passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.Malformed), outcome);
        Assert.Null(PasskeyCeremonies.CredentialIdOf(hostile));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_of_the_passkeys_of_several_owners_answers(bool saysItsOwner)
    {
        using var first = new VirtualAuthenticator(Origin);
        using var second = new VirtualAuthenticator(Origin);
        var ofFirst = await RegisterAsync(first);
        var ofSecond = await RegisterAsync(second, new PasskeyOwner("another", "Another phone"));
        (first.Counter, second.Counter) = (2, 2);

        foreach (var (authenticator, passkey) in ((VirtualAuthenticator, Passkey)[])[(first, ofFirst), (second, ofSecond)])
        {
            var begun = await BeginAssertionAsync(UserVerification.Preferred, ofFirst, ofSecond);
            var credential = authenticator.Get(begun.OptionsJson);

            var outcome = await FinishAsync(begun.State, saysItsOwner ? credential : WithoutOwner(credential, isNull: false), passkey);

            Assert.Equal(2, JsonNode.Parse(begun.OptionsJson)!["allowCredentials"]!.AsArray().Count);
            Assert.Equal(passkey.Owner, Assert.IsType<AssertionOutcome.Proven>(outcome).Passkey.Owner);
        }
    }

    [Fact]
    public async Task Who_names_another_of_several_owners_proves_nothing()
    {
        using var first = new VirtualAuthenticator(Origin);
        using var second = new VirtualAuthenticator(Origin);
        var ofFirst = await RegisterAsync(first);
        var ofSecond = await RegisterAsync(second, new PasskeyOwner("another", "Another phone"));
        first.Counter = 2;
        var begun = await BeginAssertionAsync(UserVerification.Preferred, ofFirst, ofSecond);
        var credential = first.Get(begun.OptionsJson);
        credential["response"]!["userHandle"] = Base64Url.EncodeToString("another"u8);

        var outcome = await FinishAsync(begun.State, credential, ofFirst);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_passkey_that_was_not_asked_for_does_not_answer(bool isOfTheSameOwner)
    {
        using var authenticator = new VirtualAuthenticator(Origin);
        var passkey = await RegisterAsync(authenticator);
        authenticator.Counter = 2;
        var asked = passkey with { CredentialId = [1, 2, 3] };
        var begun = isOfTheSameOwner
            ? await BeginAssertionAsync(UserVerification.Preferred, asked)
            : await BeginAssertionAsync(UserVerification.Preferred, asked with { Owner = "one" }, asked with { Owner = "two" });

        var outcome = await FinishAsync(begun.State, authenticator.Get(begun.OptionsJson), passkey);

        Assert.Equal(new AssertionOutcome.Refused(PasskeyRefusal.NotProven), outcome);
    }

    private static Task<AssertionOutcome> FinishAsync(string state, JsonObject credential, Passkey known) =>
        PasskeyCeremonies.FinishAssertionAsync(Shop, state, credential.ToJsonString(), known);

    private static JsonObject WithoutOwner(JsonObject credential, bool isNull)
    {
        var response = credential["response"]!.AsObject();
        response.Remove("userHandle");
        if (isNull)
        {
            response["userHandle"] = null;
        }
        return credential;
    }
}
