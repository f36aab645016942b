using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Countersign.Server.Timeline;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>Passkeys spare a known person the text as device keys do, also after the browser has lost all that it had stored.</summary>
public abstract class PasskeyTests(ServerFixture fixture)
{
    private const string Shop = "https://login.shop.example";
    private const string Done = """{"next":"done"}""";
    private const string MobileStep = """{"next":"mobile/instant"}""";
    private const string NotAccepted =
        """{"next":"device/passive/silent","error":{"code":10001,"message":"the passkey was not accepted"}}""";
    private const string NotOffered = """{"next":"device/passive/silent","error":{"code":10003,"message":"this step is not offered"}}""";
    private const string NoPasskeysHere =
        """{"next":"device/passive/silent","error":{"code":10003,"message":"this page cannot have passkeys"}}""";

    private static int s_numbers = 2002400000;

    /// <summary>A load user of this test alone: the network cannot be asked, the code works.</summary>
    private readonly string _number = NewNumber();

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData(Passkeys.Preferred, "pref")]
    [InlineData(Passkeys.Required, "req")]
    public async Task The_page_is_told_to_ask_for_a_passkey(Passkeys setting, string word)
    {
        var (page, _) = await BeginAsync(setting: setting);

        Assert.Equal(word, (string?)page.Claims["auth"]!["subs"]!["dev"]!["auths"]!["pasv"]!["uvlvl"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_visit_makes_a_passkey_and_is_proven_by_the_next_method(bool hasKey)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();

        var asked = await StartAsync(page, """{"displayName":"Lori's phone","signals":{"fingerprint":{"error":"none"}},"deviceId":null}""");
        var made = await RegisterAsync(page, authenticator.Create(Options(asked)), hasKey ? key : null);
        await Server.ProveByCodeAsync(flow);

        var options = asked["data"]!["credCreateOptions"]!;
        Assert.Equal("device/passive/register", (string?)asked["next"]);
        Assert.Null(asked["data"]!["credRequestOptions"]);
        Assert.Equal("""{"name":"passkeys-preferred","id":"login.shop.example"}""", options["rp"]!.ToJsonString());
        Assert.Equal(("Lori's phone", "none"), ((string?)options["user"]!["displayName"], (string?)options["attestation"]));
        Assert.Equal("mobile/instant", (string?)made["next"]);
        var status = await StatusAsync(flow);
        Assert.Equal(("true", (string?)made["data"]!["deviceId"]), (status.Text("success"), status.Text("deviceId")));
        Assert.Single(await Server.MessagesAsync(_number));
    }

    [Fact]
    public async Task Who_gives_no_name_sees_a_number_that_only_its_owner_knows()
    {
        var (page, _) = await BeginAsync();

        var asked = await StartAsync(page);

        Assert.DoesNotContain(_number, asked.ToJsonString(), StringComparison.Ordinal);
        Assert.StartsWith("+1***", (string?)asked["data"]!["credCreateOptions"]!["user"]!["displayName"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_next_visit_that_has_lost_its_key_passes_by_its_passkey_alone()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var lost = new DeviceKey();
        using var key = new DeviceKey();
        var first = await VisitAsync(authenticator, lost);
        var texts = (await Server.MessagesAsync(_number)).Count;
        var (page, flow) = await BeginAsync();

        var asked = await StartAsync(page);
        var proven = await VerifyAsync(page, authenticator.Get(Options(asked)), key);

        var status = await StatusAsync(flow);
        Assert.Equal("device/passive/verify", (string?)asked["next"]);
        Assert.Null(asked["data"]!["credCreateOptions"]);
        Assert.Equal("done", (string?)proven["next"]);
        Assert.Equal(("true", first.Text("proveId")), (status.Text("success"), status.Text("proveId")));
        Assert.Equal((string?)proven["data"]!["deviceId"], status.Text("deviceId"));
        Assert.NotEqual(first.Text("deviceId"), status.Text("deviceId"));
        Assert.Equal(texts, (await Server.MessagesAsync(_number)).Count);

        var (thirdPage, third) = await BeginAsync();
        var byKey = await thirdPage.Post("device/passive/verify", new JsonObject
        {
            ["deviceId"] = status.Text("deviceId"),
            ["keyId"] = key.KeyId,
            ["signature"] = key.Sign($"{status.Text("deviceId")}:{thirdPage.Challenge}"),
        }.ToJsonString());
        Assert.Equal(Done, byKey.ToJsonString());
        Assert.Equal(first.Text("proveId"), (await StatusAsync(third)).Text("proveId"));
    }

    [Fact]
    public async Task A_browser_that_still_has_its_key_shows_the_passkey_alone()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var first = await VisitAsync(authenticator);
        var (page, flow) = await BeginAsync();

        var proven = await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))));

        Assert.Equal(Done, proven.ToJsonString());
        Assert.Equal(first.Text("deviceId"), (await StatusAsync(flow)).Text("deviceId"));
    }

    [Theory]
    [InlineData(0x05, 0x0D)]
    [InlineData(0x05, 0x1D)]
    [InlineData(0x0D, 0x05)]
    public async Task A_passkey_that_says_something_else_of_itself_is_refused_once_and_not_asked_for_again(byte registered, byte later)
    {
        using var authenticator = new VirtualAuthenticator(Shop) { Flags = registered };
        var first = await VisitAsync(authenticator);
        authenticator.Flags = later;
        var (page, flow) = await BeginAsync();

        var refused = await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))));
        var (nextPage, next) = await BeginAsync();
        var asked = await StartAsync(nextPage);
        authenticator.CredentialId = [9, .. authenticator.CredentialId[1..]];
        await RegisterAsync(nextPage, authenticator.Create(Options(asked)));
        await Server.ProveByCodeAsync(next);

        Assert.Equal(NotAccepted, refused.ToJsonString());
        Assert.Contains(
            "passkey refused (whether it can be copied has changed since it was registered: it is not asked for again)",
            await TimelineAsync(flow));
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
        // The page makes one that lasts.
        Assert.Equal("device/passive/register", (string?)asked["next"]);
        Assert.Equal(first.Text("proveId"), (await StatusAsync(next)).Text("proveId"));
        authenticator.Counter++;
        var (lastPage, last) = await BeginAsync();
        Assert.Equal(Done, (await VerifyAsync(lastPage, authenticator.Get(Options(await StartAsync(lastPage))))).ToJsonString());
        Assert.Equal(first.Text("proveId"), (await StatusAsync(last)).Text("proveId"));
    }

    [Theory]
    [InlineData(0x0D, 6)]
    [InlineData(0x05, 5)]
    public async Task Nobody_without_the_key_has_a_passkey_forgotten(byte flags, uint counter)
    {
        using var authenticator = new VirtualAuthenticator(Shop) { Counter = 5 };
        await VisitAsync(authenticator);
        authenticator.Flags = flags;
        authenticator.Counter = counter;
        var (page, flow) = await BeginAsync();
        var forged = authenticator.Get(Options(await StartAsync(page)));
        Alter(forged, "signature", -1);

        var refused = await VerifyAsync(page, forged);

        Assert.Equal(NotAccepted, refused.ToJsonString());
        Assert.Contains("passkey refused (its proof does not hold)", await TimelineAsync(flow));
        authenticator.Flags = 0x05;
        authenticator.Counter = 7;
        var (nextPage, _) = await BeginAsync();
        Assert.Equal(Done, (await VerifyAsync(nextPage, authenticator.Get(Options(await StartAsync(nextPage))))).ToJsonString());
    }

    [Fact]
    public async Task A_passkey_spares_the_relying_partys_own_check()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var first = await VisitAsync(authenticator);
        var (page, flow) = await BeginAsync("none");

        var proven = await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))));

        Assert.Equal(Done, proven.ToJsonString());
        Assert.Equal(
            ("true", first.Text("proveId")), ((await StatusAsync(flow)).Text("success"), (await StatusAsync(flow)).Text("proveId")));
    }

    [Fact]
    public async Task A_new_passkey_is_tied_by_the_relying_partys_own_check()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (page, flow) = await BeginAsync("none");

        var made = await RegisterAsync(page, authenticator.Create(Options(await StartAsync(page))));
        var before = await StatusAsync(flow);
        var bound = await Server.UnifyBindAsync(flow.Id, _number, await ProjectAsync());

        Assert.Equal("done", (string?)made["next"]);
        Assert.Equal("possession_required", before.Text("success"));
        Assert.Equal((string?)made["data"]!["deviceId"], bound.Text("deviceId"));
    }

    [Fact]
    public async Task Each_of_several_passkeys_of_a_person_proves()
    {
        using var phone = new VirtualAuthenticator(Shop);
        using var tablet = new VirtualAuthenticator(Shop);
        var both = new List<(VirtualAuthenticator Authenticator, Page Page, Begun Flow, JsonNode Asked)>();
        foreach (var authenticator in (VirtualAuthenticator[])[phone, tablet])
        {
            var (page, flow) = await BeginAsync();
            both.Add((authenticator, page, flow, await StartAsync(page)));
        }
        foreach (var (authenticator, page, flow, asked) in both)
        {
            await RegisterAsync(page, authenticator.Create(Options(asked)));
            await Server.ProveByCodeAsync(flow);
            authenticator.Counter++;
        }

        foreach (var (authenticator, _, first, _) in both)
        {
            var (page, flow) = await BeginAsync();
            var asked = await StartAsync(page);
            var proven = await VerifyAsync(page, authenticator.Get(Options(asked)));

            Assert.Equal(2, asked["data"]!["credRequestOptions"]!["allowCredentials"]!.AsArray().Count);
            Assert.Equal(Done, proven.ToJsonString());
            Assert.Equal((await StatusAsync(first)).Text("deviceId"), (await StatusAsync(flow)).Text("deviceId"));
        }
    }

    [Fact]
    public async Task A_passkey_of_another_number_proves_nothing_and_changes_hands_only_when_it_is_asked_for()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var first = await VisitAsync(authenticator);
        var known = new JsonObject { ["deviceId"] = first.Text("deviceId") }.ToJsonString();
        var number = NewNumber();

        var (page, flow) = await BeginAsync(number: number);
        var asked = await StartAsync(page, known);
        var proven = await VerifyAsync(page, authenticator.Get(Options(asked, "credRequestOptions")));
        await Server.ProveByCodeAsync(flow);

        Assert.Equal("device/passive/register", (string?)asked["next"]);
        Assert.Single(asked["data"]!["credCreateOptions"]!["excludeCredentials"]!.AsArray());
        Assert.Equal(MobileStep, proven.ToJsonString());
        Assert.Equal(("true", null), ((await StatusAsync(flow)).Text("success"), (await StatusAsync(flow)).TextOrNull("deviceId")));

        authenticator.Counter++;
        var (nextPage, next) = await BeginAsync(number: number, more: new JsonObject { ["rebind"] = true });
        await VerifyAsync(nextPage, authenticator.Get(Options(await StartAsync(nextPage, known), "credRequestOptions")));
        await Server.ProveByCodeAsync(next);

        Assert.Equal(first.Text("deviceId"), (await StatusAsync(next)).Text("deviceId"));
        var (formerPage, _) = await BeginAsync();
        Assert.Equal("device/passive/register", (string?)(await StartAsync(formerPage))["next"]);
        authenticator.Counter++;
        var (laterPage, later) = await BeginAsync(number: number);
        Assert.Equal(Done, (await VerifyAsync(laterPage, authenticator.Get(Options(await StartAsync(laterPage))))).ToJsonString());
        Assert.Equal((await StatusAsync(next)).Text("proveId"), (await StatusAsync(later)).Text("proveId"));
    }

    [Fact]
    public async Task A_passkey_whose_flow_was_never_proven_is_asked_of_nobody()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (page, _) = await BeginAsync();
        await RegisterAsync(page, authenticator.Create(Options(await StartAsync(page))));

        var (nextPage, _) = await BeginAsync();

        Assert.Equal("device/passive/register", (string?)(await StartAsync(nextPage))["next"]);
    }

    [Theory]
    [InlineData("https://shop.example", false)]
    [InlineData("https://login.shop.example:8443", true)]
    public async Task A_passkey_is_asked_for_on_its_own_host_only(string origin, bool isAsked)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        await VisitAsync(authenticator);
        var (page, _) = await BeginAsync();

        var asked = await StartAsync(page, origin: origin);

        Assert.Equal(isAsked ? "device/passive/verify" : "device/passive/register", (string?)asked["next"]);
    }

    [Fact]
    public async Task A_passkey_is_unknown_to_another_project()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        await VisitAsync(authenticator);
        var (page, _) = await BeginAsync(setting: Passkeys.Required);

        var asked = await StartAsync(page);

        Assert.Equal("device/passive/register", (string?)asked["next"]);
    }

    public static TheoryData<string, int> AlteredRegistrations => new()
    {
        { "attestationObject", 5 }, { "attestationObject", 60 }, { "attestationObject", 150 }, { "attestationObject", -1 },
        { "clientDataJSON", 3 }, { "clientDataJSON", 40 }, { "clientDataJSON", -2 },
    };

    [Theory]
    [MemberData(nameof(AlteredRegistrations))]
    public async Task A_passkey_that_was_altered_by_one_byte_is_refused_and_the_flow_goes_on(string member, int at)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var key = new DeviceKey();
        var (page, flow) = await BeginAsync();
        var (devices, passkeys) = (await Server.CountAsync("devices"), await Server.CountAsync("passkeys"));
        var credential = authenticator.Create(Options(await StartAsync(page)));
        var right = credential.DeepClone().AsObject();
        Alter(credential, member, at);

        var refused = await RegisterAsync(page, credential, key);
        var again = await RegisterAsync(page, right, key);
        Assert.Equal((NotAccepted, NotAccepted), (refused.ToJsonString(), again.ToJsonString()));
        Assert.Equal((devices, passkeys), (await Server.CountAsync("devices"), await Server.CountAsync("passkeys")));

        var registered = await key.RegisterAsync(page);
        await Server.ProveByCodeAsync(flow);
        Assert.Equal("mobile/instant", (string?)registered["next"]);
        Assert.Equal(("true", key.DeviceId), ((await StatusAsync(flow)).Text("success"), (await StatusAsync(flow)).Text("deviceId")));
    }

    public static TheoryData<string, int> AlteredProofs => new()
    {
        { "authenticatorData", 0 }, { "authenticatorData", 32 }, { "authenticatorData", -1 }, { "clientDataJSON", 3 },
        { "clientDataJSON", 40 },
        { "signature", 10 }, { "signature", -1 }, { "userHandle", 0 }, { "userHandle", -1 },
    };

    [Theory]
    [MemberData(nameof(AlteredProofs))]
    public async Task A_proof_that_was_altered_by_one_byte_is_refused_and_the_flow_goes_on(string member, int at)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var key = new DeviceKey();
        await VisitAsync(authenticator);
        var (page, flow) = await BeginAsync();
        var credential = authenticator.Get(Options(await StartAsync(page)));
        var right = credential.DeepClone().AsObject();
        Alter(credential, member, at);

        var refused = await VerifyAsync(page, credential, key);
        var again = await VerifyAsync(page, right, key);
        Assert.Equal((NotAccepted, NotAccepted), (refused.ToJsonString(), again.ToJsonString()));
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));

        await key.RegisterAsync(page);
        await Server.ProveByCodeAsync(flow);
        Assert.Equal(("true", key.DeviceId), ((await StatusAsync(flow)).Text("success"), (await StatusAsync(flow)).Text("deviceId")));
    }

    [Fact]
    public async Task An_answer_counts_once()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (page, flow) = await BeginAsync();
        var made = authenticator.Create(Options(await StartAsync(page)));
        await RegisterAsync(page, made);
        var madeAgain = await RegisterAsync(page, made);
        await Server.ProveByCodeAsync(flow);
        authenticator.Counter++;
        var (nextPage, _) = await BeginAsync();
        var proof = authenticator.Get(Options(await StartAsync(nextPage)));

        var first = await VerifyAsync(nextPage, proof);
        var second = await VerifyAsync(nextPage, proof);

        Assert.Equal(NotAccepted.Replace("device/passive/silent", "mobile/instant", StringComparison.Ordinal), madeAgain.ToJsonString());
        Assert.Equal(Done, first.ToJsonString());
        Assert.Equal(NotAccepted.Replace("device/passive/silent", "done", StringComparison.Ordinal), second.ToJsonString());
    }

    [Fact]
    public async Task Of_a_hundred_parallel_answers_one_counts()
    {
        using var maker = new VirtualAuthenticator(Shop);
        var (page, flow) = await BeginAsync();
        var made = maker.Create(Options(await StartAsync(page)));
        var passkeys = await Server.CountAsync("passkeys");

        var registrations = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => RegisterAsync(page, made)));
        await Server.ProveByCodeAsync(flow);
        maker.Counter++;
        var (nextPage, _) = await BeginAsync();
        var proof = maker.Get(Options(await StartAsync(nextPage)));
        var proofs = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => VerifyAsync(nextPage, proof)));

        Assert.Single(registrations, answer => answer["data"] is not null);
        Assert.Equal(99, registrations.Count(answer => (int?)answer["error"]?["code"] == 10001));
        Assert.Equal(passkeys + 1, await Server.CountAsync("passkeys"));
        Assert.Single(proofs, answer => answer["error"] is null);
    }

    [Fact]
    public async Task The_answer_to_one_flow_is_none_to_another()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (one, _) = await BeginAsync();
        var (two, _) = await BeginAsync();
        var made = authenticator.Create(Options(await StartAsync(one)));
        await StartAsync(two);
        var registered = await RegisterAsync(two, made);
        await VisitAsync(authenticator);
        var (three, _) = await BeginAsync();
        var (four, flow) = await BeginAsync();
        var proof = authenticator.Get(Options(await StartAsync(three)));
        await StartAsync(four);

        var proven = await VerifyAsync(four, proof);

        Assert.Equal((NotAccepted, NotAccepted), (registered.ToJsonString(), proven.ToJsonString()));
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
    }

    [Fact]
    public async Task A_later_question_replaces_an_earlier_one()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (page, _) = await BeginAsync();
        var first = Options(await StartAsync(page));
        var second = Options(await StartAsync(page));

        var refused = await RegisterAsync(page, authenticator.Create(first));

        Assert.NotEqual(first, second);
        Assert.Equal(NotAccepted, refused.ToJsonString());
        Assert.NotNull((await RegisterAsync(page, authenticator.Create(Options(await StartAsync(page)))))["data"]);
    }

    [Fact]
    public async Task An_answer_to_no_question_is_refused()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (asked, _) = await BeginAsync();
        var options = Options(await StartAsync(asked));
        var (page, _) = await BeginAsync();

        var registered = await RegisterAsync(page, authenticator.Create(options));
        var proven = await VerifyAsync(page, new JsonObject { ["type"] = "public-key" });

        Assert.Equal((NotAccepted, NotAccepted), (registered.ToJsonString(), proven.ToJsonString()));
    }

    [Fact]
    public async Task What_was_asked_for_a_new_passkey_is_not_answered_by_a_proof()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        await VisitAsync(authenticator);
        var (page, flow) = await BeginAsync(number: NewNumber());
        var options = JsonNode.Parse(Options(await StartAsync(page)))!;
        options["rpId"] = "login.shop.example";

        var proven = await VerifyAsync(page, authenticator.Get(options.ToJsonString()));

        Assert.Equal(NotAccepted, proven.ToJsonString());
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://shop.example")]
    [InlineData("http://login.shop.example")]
    [InlineData("https://login.shop.example:8443")]
    public async Task An_answer_given_to_another_page_than_asked_is_refused(string origin)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        await VisitAsync(authenticator);
        var (page, flow) = await BeginAsync();
        authenticator.Origin = origin;

        var proven = await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))));

        Assert.Equal(NotAccepted, proven.ToJsonString());
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(5, 4)]
    [InlineData(9, 0)]
    public async Task A_counter_that_did_not_grow_is_refused_once_and_its_passkey_not_asked_for_again(uint registered, uint later)
    {
        using var authenticator = new VirtualAuthenticator(Shop) { Counter = registered };
        var first = await VisitAsync(authenticator);
        authenticator.Counter = later;
        var (page, flow) = await BeginAsync();

        var refused = await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))));
        var (nextPage, next) = await BeginAsync();
        var asked = await StartAsync(nextPage);
        authenticator.CredentialId = [9, .. authenticator.CredentialId[1..]];
        authenticator.Counter = 0;
        await RegisterAsync(nextPage, authenticator.Create(Options(asked)));
        await Server.ProveByCodeAsync(next);

        Assert.Equal(NotAccepted, refused.ToJsonString());
        Assert.Contains(Server.Logs.All, line => line.Text.Contains("passkey refused, CounterWentBack", StringComparison.Ordinal));
        Assert.Contains("passkey refused (its counter did not grow, so there may be a copy of it: it is not asked for again)",
            await TimelineAsync(flow));
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
        // The page makes one that lasts, and counts nothing as the authenticator does.
        Assert.Equal("device/passive/register", (string?)asked["next"]);
        var (lastPage, last) = await BeginAsync();
        Assert.Equal(Done, (await VerifyAsync(lastPage, authenticator.Get(Options(await StartAsync(lastPage))))).ToJsonString());
        Assert.Equal(first.Text("proveId"), (await StatusAsync(last)).Text("proveId"));
    }

    [Fact]
    public async Task A_proof_that_a_later_one_has_overtaken_is_refused_and_its_passkey_kept()
    {
        using var authenticator = new VirtualAuthenticator(Shop) { Counter = 5 };
        await VisitAsync(authenticator);
        var ((one, flow), (other, _)) = (await BeginAsync(), await BeginAsync());
        var (ofOne, ofOther) = (Options(await StartAsync(one)), Options(await StartAsync(other)));
        authenticator.Counter = 6;
        var earlier = authenticator.Get(ofOne);
        authenticator.Counter = 7;
        var later = authenticator.Get(ofOther);

        var proven = await VerifyAsync(other, later);
        var overtaken = await VerifyAsync(one, earlier);

        Assert.Equal((Done, NotAccepted), (proven.ToJsonString(), overtaken.ToJsonString()));
        Assert.Contains("passkey refused (a later proof of it was accepted before)", await TimelineAsync(flow));
        authenticator.Counter = 8;
        var (next, _) = await BeginAsync();
        Assert.Equal(Done, (await VerifyAsync(next, authenticator.Get(Options(await StartAsync(next))))).ToJsonString());
    }

    [Fact]
    public async Task Who_was_not_checked_proves_nothing_where_it_is_required()
    {
        using var authenticator = new VirtualAuthenticator(Shop) { Flags = 0x01 };
        var (page, flow) = await BeginAsync(setting: Passkeys.Required);
        var asked = await StartAsync(page);

        var made = await RegisterAsync(page, authenticator.Create(Options(asked)));

        Assert.Equal("required", (string?)asked["data"]!["credCreateOptions"]!["authenticatorSelection"]!["userVerification"]);
        Assert.Equal(NotAccepted, made.ToJsonString());
        Assert.Contains("passkey refused (nobody looked at who used it, which the project requires)", await TimelineAsync(flow));
    }

    [Fact]
    public async Task A_passkey_that_was_used_unchecked_where_it_is_required_is_refused_with_the_reason_and_asked_for_again()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (firstPage, first) = await BeginAsync(setting: Passkeys.Required);
        await RegisterAsync(firstPage, authenticator.Create(Options(await StartAsync(firstPage))));
        await Server.ProveByCodeAsync(first);
        authenticator.Counter++;
        authenticator.Flags = 0x01;
        var (page, flow) = await BeginAsync(setting: Passkeys.Required);

        var refused = await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))));

        Assert.Equal(NotAccepted, refused.ToJsonString());
        Assert.Contains("passkey refused (nobody looked at who used it, which the project requires)", await TimelineAsync(flow));
        authenticator.Flags = 0x05;
        var (nextPage, _) = await BeginAsync(setting: Passkeys.Required);
        Assert.Equal(Done, (await VerifyAsync(nextPage, authenticator.Get(Options(await StartAsync(nextPage))))).ToJsonString());
    }

    [Fact]
    public async Task A_credential_id_that_is_there_is_refused()
    {
        using var mine = new VirtualAuthenticator(Shop);
        using var theirs = new VirtualAuthenticator(Shop);
        await VisitAsync(mine);
        theirs.CredentialId = mine.CredentialId;
        var (page, _) = await BeginAsync(number: NewNumber());
        var devices = await Server.CountAsync("devices");

        var made = await RegisterAsync(page, theirs.Create(Options(await StartAsync(page))));

        Assert.Equal(NotAccepted, made.ToJsonString());
        Assert.Equal(devices, await Server.CountAsync("devices"));
    }

    [Fact]
    public async Task A_passkey_with_anothers_device_key_beside_it_is_refused_and_neither_is_stored()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var key = new DeviceKey();
        var (other, _) = await BeginAsync();
        var (page, _) = await BeginAsync();
        var (devices, passkeys) = (await Server.CountAsync("devices"), await Server.CountAsync("passkeys"));
        var body = RegisterBody(authenticator.Create(Options(await StartAsync(page))), key, other);

        var made = await page.Post("device/fido2/register/finish", body);

        Assert.Equal(NotAccepted, made.ToJsonString());
        Assert.Equal((devices, passkeys), (await Server.CountAsync("devices"), await Server.CountAsync("passkeys")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_devices_passkey_proves_nothing_and_is_asked_for_no_more(bool revokesTheOneBroughtIn)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var key = new DeviceKey();
        var first = await VisitAsync(authenticator);
        var (page, second) = await BeginAsync();
        await VerifyAsync(page, authenticator.Get(Options(await StartAsync(page))), key);
        var device = revokesTheOneBroughtIn ? (await StatusAsync(second)).Text("deviceId") : first.Text("deviceId");
        var (begun, flow) = await BeginAsync();
        authenticator.Counter++;
        var proof = authenticator.Get(Options(await StartAsync(begun)));

        await Server.RevokeDeviceAsync(device, await ProjectAsync());

        Assert.Equal(NotAccepted, (await VerifyAsync(begun, proof)).ToJsonString());
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
        var (next, _) = await BeginAsync();
        Assert.Equal("device/passive/register", (string?)(await StartAsync(next))["next"]);
    }

    [Fact]
    public async Task A_browser_gives_up_its_passkeys_and_keeps_its_key()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        using var key = new DeviceKey();
        var first = await VisitAsync(authenticator, key);
        var (page, _) = await BeginAsync();
        var body = new JsonObject { ["deviceId"] = first.Text("deviceId") }.ToJsonString();
        var challenge = (string)(await page.Post("challenge", body))["challenge"]!;

        var given = await page.SendAsync("stepup/unregister", body, headers: key.SignatureHeaders("stepup/unregister", body, challenge));

        Assert.Equal(200, given.Status);
        Assert.Equal("device/passive/register", (string?)(await StartAsync(page))["next"]);
        var byKey = await page.Post("device/passive/verify", new JsonObject
        {
            ["deviceId"] = first.Text("deviceId"),
            ["keyId"] = key.KeyId,
            ["signature"] = key.Sign($"{first.Text("deviceId")}:{page.Challenge}"),
        }.ToJsonString());
        Assert.Equal(Done, byKey.ToJsonString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("http://shop.example")]
    [InlineData("http://localhost.shop.example")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("https://192.0.2.1")]
    [InlineData("https://[2001:db8::1]")]
    [InlineData("https://shop.example/")]
    [InlineData("https://shop.example/page")]
    [InlineData("https://SHOP.example")]
    [InlineData("https://user@shop.example")]
    [InlineData("https://shop.example:443")]
    [InlineData("https://shop.example https://bank.example")]
    [InlineData("chrome-extension://abcdefghijklmnop")]
    [InlineData("shop.example")]
    public async Task A_page_that_can_have_no_passkey_goes_on_without(string? origin)
    {
        var (page, flow) = await BeginAsync();

        var asked = await StartAsync(page, origin: origin);

        Assert.Equal(NoPasskeysHere, asked.ToJsonString());
        Assert.Equal("pending", (await StatusAsync(flow)).Text("success"));
    }

    [Theory]
    [InlineData("https://shop.example", "shop.example")]
    [InlineData("https://shop.example:8443", "shop.example")]
    [InlineData("http://localhost:3000", "localhost")]
    [InlineData("http://app.localhost", "app.localhost")]
    [InlineData("https://xn--bcher-kva.example", "xn--bcher-kva.example")]
    public async Task A_passkey_is_made_for_the_host_of_the_page(string origin, string host)
    {
        using var authenticator = new VirtualAuthenticator(origin);
        var (page, _) = await BeginAsync();

        var asked = await StartAsync(page, origin: origin);

        Assert.Equal(host, (string?)asked["data"]!["credCreateOptions"]!["rp"]!["id"]);
        Assert.NotNull((await RegisterAsync(page, authenticator.Create(Options(asked))))["data"]);
    }

    [Fact]
    public async Task A_project_without_passkeys_offers_none()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var flow = await Server.BeginUnifyAsync("mobile", _number);
        var page = Server.Browser(flow.AuthToken!);

        var asked = await StartAsync(page);

        Assert.Equal("none", (string?)page.Claims["auth"]!["subs"]!["dev"]!["auths"]!["pasv"]!["uvlvl"]);
        Assert.Equal(NotOffered, asked.ToJsonString());
        Assert.Equal(NotAccepted, (await page.Post("device/fido2/verify/finish", """{"webAuthnAssertion":{}}""")).ToJsonString());
        Assert.Equal("""{"next":"device/passive/silent"}""", (await page.Post("device/fido2/error")).ToJsonString());
    }

    [Theory]
    [InlineData("unify", "desktop", "mobile/instantlink")]
    [InlineData("verify", "mobile", "mobile/instant")]
    public async Task A_flow_without_device_keys_has_no_passkeys(string product, string type, string next)
    {
        var project = await ProjectAsync();
        var flow = product == "unify"
            ? await Server.BeginUnifyAsync(type, _number, credentials: project)
            : await Server.BeginAsync(type, _number, credentials: project);
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal(NotOffered.Replace("device/passive/silent", next, StringComparison.Ordinal), (await StartAsync(page)).ToJsonString());
        Assert.Equal(next, (string?)(await page.Post("device/fido2/verify/finish", """{"webAuthnAssertion":{}}"""))["next"]);
        Assert.Equal(next, (string?)(await page.Post("device/fido2/error"))["next"]);
    }

    [Fact]
    public async Task A_person_who_does_not_want_one_goes_on_with_the_device_key()
    {
        using var key = new DeviceKey();
        var (page, _) = await BeginAsync();
        await StartAsync(page);

        var first = await page.Post("device/fido2/error", """{"code":10002,"message":"NotAllowedError"}""");
        var second = await page.Post("device/fido2/error", """{"message":["any","shape"]}""");
        await key.RegisterAsync(page);
        var third = await page.Post("device/fido2/error");

        Assert.Equal("""{"next":"device/passive/silent"}""", first.ToJsonString());
        Assert.Equal("""{"next":"device/passive/silent"}""", second.ToJsonString());
        Assert.Equal(MobileStep, third.ToJsonString());
    }

    [Theory]
    [InlineData("passive")]
    [InlineData("universal")]
    public async Task A_failure_that_is_reported_as_the_keys_is_the_passkeys_while_one_is_asked_for(string kind)
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (page, _) = await BeginAsync();
        var options = Options(await StartAsync(page));

        var first = await page.Post($"device/{kind}/error", """{"message":"NotAllowedError"}""");
        var late = await RegisterAsync(page, authenticator.Create(options));
        var second = await page.Post($"device/{kind}/error", """{"message":"IndexedDB is not there"}""");

        Assert.Equal("""{"next":"device/passive/silent"}""", first.ToJsonString());
        Assert.Equal(NotAccepted, late.ToJsonString());
        Assert.Equal(MobileStep, second.ToJsonString());
    }

    [Fact]
    public async Task A_flow_that_has_gone_on_asks_for_no_passkey_and_takes_none()
    {
        using var authenticator = new VirtualAuthenticator(Shop);
        var (page, flow) = await BeginAsync();
        var options = Options(await StartAsync(page));
        var devices = await Server.CountAsync("devices");
        await page.Post("mobile/otp/start");

        var made = await RegisterAsync(page, authenticator.Create(options));
        var asked = await StartAsync(page);
        await page.Enter("1234");
        var late = await StartAsync(page);

        Assert.Equal(("mobile/otp", 10001), ((string?)made["next"], (int?)made["error"]!["code"]));
        Assert.Equal(
            """{"next":"mobile/otp","error":{"code":10003,"message":"this step is not part of the flow"}}""", asked.ToJsonString());
        Assert.Equal("""{"next":"done","error":{"code":10003,"message":"the flow is already decided"}}""", late.ToJsonString());
        Assert.Equal(devices, await Server.CountAsync("devices"));
        Assert.Null((await StatusAsync(flow)).TextOrNull("deviceId"));
    }

    [Theory]
    [InlineData("start", """{"displayName":1}""", "field 'displayName' is invalid: must be text")]
    [InlineData("start", """{"displayName":"a\u0007","deviceId":{}}""",
        "field 'displayName' is invalid: contains control characters; field 'deviceId' is invalid: must be text")]
    [InlineData("register/finish", "{}", "field 'registrations' is missing")]
    [InlineData("register/finish", """{"registrations":[]}""", "field 'registrations' is invalid: must have 1 to 2 entries")]
    [InlineData("register/finish", """{"registrations":[{}]}""", "field 'registrations[0].webAuthnCredential' is missing")]
    [InlineData("register/finish", """{"registrations":[{"webAuthnCredential":"x"},{}]}""",
        "field 'registrations[0].webAuthnCredential' is invalid: must be an object; field 'registrations[1].publicKey' is missing; "
            + "field 'registrations[1].signature' is missing")]
    [InlineData("register/finish", """{"deviceName":{},"registrations":[{"webAuthnCredential":{}},{},{}]}""",
        "field 'deviceName' is invalid: must be text; field 'registrations' is invalid: must have 1 to 2 entries")]
    [InlineData("verify/finish", "{}", "field 'webAuthnAssertion' is missing")]
    [InlineData(
        "verify/finish", """{"webAuthnAssertion":[],"registrations":[{"signature":"x","publicKey":{"id":"k","alg":"RS256","key":"x"}}]}""",
        "field 'webAuthnAssertion' is invalid: must be an object; field 'registrations[0].publicKey.alg' is invalid: must be ES256")]
    [InlineData("verify/finish", """{"webAuthnAssertion":{"id":"a","id":"b"}}""",
        "body has a member name that is not valid, or the same one twice")]
    public async Task Every_bad_field_is_named(string step, string body, string message)
    {
        var (page, _) = await BeginAsync();

        var reply = await page.SendAsync("device/fido2/" + step, body, Shop);

        Assert.Equal($"400 8001 {message}", reply.Fault);
    }

    [Theory]
    [InlineData("start", "{}")]
    [InlineData("register/finish", """{"registrations":[{"webAuthnCredential":{}}]}""")]
    [InlineData("verify/finish", """{"webAuthnAssertion":{}}""")]
    [InlineData("error", "{}")]
    public async Task A_body_has_at_most_16_KiB(string step, string body)
    {
        const int max = 16 * 1024;
        var (page, _) = await BeginAsync();

        var whole = await page.SendAsync("device/fido2/" + step, body + new string(' ', max - body.Length), Shop);
        var larger = await page.SendAsync("device/fido2/" + step, body + new string(' ', max + 1 - body.Length), Shop);

        Assert.Equal(200, whole.Status);
        Assert.Equal("400 8001 body is larger than 16384 bytes", larger.Fault);
    }

    private static string NewNumber() => $"{Interlocked.Increment(ref s_numbers)}";

    private Task<Credentials> ProjectAsync(Passkeys setting = Passkeys.Preferred) =>
        Server.AddProjectAsync(
            setting == Passkeys.Required ? "passkeys-required" : "passkeys-preferred", new ProjectSettings { Passkeys = setting });

    private async Task<(Page Page, Begun Flow)> BeginAsync(
        string type = "mobile", string? number = null, Passkeys setting = Passkeys.Preferred, JsonObject? more = null)
    {
        var flow = await Server.BeginUnifyAsync(type, number ?? _number, more, await ProjectAsync(setting));
        return (Server.Browser(flow.AuthToken!), flow);
    }

    private async Task<IEnumerable<string>> TimelineAsync(Begun flow) =>
        (await Server.Services.GetRequiredService<FlowRunner>()
            .FindAsync(CorrelationId.Parse(flow.Id), TestContext.Current.CancellationToken))!
            .Timeline.Select(FlowSentences.Of);

    private async Task<Reply> StatusAsync(Begun flow) => await Server.UnifyStatusAsync(flow.Id, await ProjectAsync());

    /// <summary>A first visit, to its end. The authenticator has counted when it returns.</summary>
    private async Task<Reply> VisitAsync(VirtualAuthenticator authenticator, DeviceKey? key = null, string? number = null)
    {
        var (page, flow) = await BeginAsync(number: number);
        await RegisterAsync(page, authenticator.Create(Options(await StartAsync(page))), key);
        await Server.ProveByCodeAsync(flow);
        authenticator.Counter++;
        return await StatusAsync(flow);
    }

    private static async Task<JsonNode> StartAsync(Page page, string body = """{"signals":{},"deviceId":null}""", string? origin = Shop)
    {
        var reply = await page.SendAsync(
            "device/fido2/start", body, headers: origin is null ? null : new Dictionary<string, string> { ["Origin"] = origin });
        return reply.Status == 200 ? reply.Json! : throw new InvalidOperationException($"{reply}");
    }

    private static string Options(JsonNode asked, string? name = null) =>
        (name is null ? asked["data"]!["credCreateOptions"] ?? asked["data"]!["credRequestOptions"] : asked["data"]![name])!.ToJsonString();

    private static Task<JsonNode> RegisterAsync(Page page, JsonObject credential, DeviceKey? key = null) =>
        page.Post("device/fido2/register/finish", RegisterBody(credential, key, page));

    private static string RegisterBody(JsonObject credential, DeviceKey? key, Page signedFor)
    {
        var registrations = new JsonArray(new JsonObject { ["webAuthnCredential"] = credential.DeepClone() });
        if (key is not null)
        {
            registrations.Add(key.Registration(signedFor)["registrations"]![0]!.DeepClone());
        }
        return new JsonObject { ["deviceName"] = "Chrome", ["deviceCapabilities"] = new JsonArray("webauthn"),
            ["registrations"] = registrations }
            .ToJsonString();
    }

    private static Task<JsonNode> VerifyAsync(Page page, JsonObject credential, DeviceKey? key = null)
    {
        var body = new JsonObject
        {
            ["webAuthnAssertion"] = credential.DeepClone(), ["deviceName"] = "Chrome", ["deviceCapabilities"] = new JsonArray("webauthn")
        };
        if (key is not null)
        {
            var registration = key.Registration(page)["registrations"]![0]!.DeepClone();
            registration["signals"] = new JsonObject();
            body["registrations"] = new JsonArray(registration);
        }
        return page.Post("device/fido2/verify/finish", body.ToJsonString());
    }

    /// <summary>Changes one bit of one byte.</summary>
    private static void Alter(JsonObject credential, string member, int at)
    {
        var response = credential["response"]!;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars((string)response[member]!);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        response[member] = System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }
}

public sealed class PasskeysOnSqlite(OnSqlite fixture) : PasskeyTests(fixture), IClassFixture<OnSqlite>;

public sealed class PasskeysOnPostgres(OnPostgres fixture) : PasskeyTests(fixture), IClassFixture<OnPostgres>;
