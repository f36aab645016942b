using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Projects;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// A number that has gone to somebody else since it was last verified: Live, with an operator that knows of it, on one clock.
/// </summary>
public abstract class RecycledNumberTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = SimulatedNetwork.Number;
    private const string LoginPage = "https://login.shop.example";
    private const string Told = """{"risk":{"result":"fail","failureReasons":{"9163":"number recycled"}}}""";
    private const string Refused =
        """{"authentication":{"result":"fail","failureReasons":{"9163":"number recycled"}}"""
            + ""","risk":{"result":"fail","failureReasons":{"9163":"number recycled"}}}""";
    private const string NotThisPerson =
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}"""
            + ""","risk":{"result":"fail","failureReasons":{"9163":"number recycled"}}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private SimulatedNetwork _network = null!;
    private TestServer _server = null!;
    private Credentials _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _network = await SimulatedNetwork.StartAsync(_clock);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _network.RegisterAsync("https://id.example.com/operators/sim/callback", key.ExportSubjectPublicKeyInfoPem());
        _server = await fixture.StartAsync(
            new Dictionary<string, string?>(TestServer.Live)
            {
                ["Countersign:Countries"] = "US",
                ["Countersign:Operators:sim:Issuer"] = _network.Origin,
                ["Countersign:Operators:sim:ClientId"] = SimulatedNetwork.ClientId,
                ["Countersign:Operators:sim:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
                ["Countersign:Operators:sim:Purpose"] = "FraudPreventionAndDetection",
                ["Countersign:Operators:sim:Cors"] = "true",
                ["Countersign:Operators:sim:AddressRanges:0"] = "127.0.0.0/8",
                ["Countersign:RiskSources:0:Type"] = "camara",
                ["Countersign:RiskSources:0:Operator"] = "sim",
                ["Countersign:RiskSources:0:Tenure"] = "false",
            },
            builder => builder.Services.AddSingleton<IIdentitySource>(new EverybodyMatches()),
            _clock);
        _shop = await _server.AddProjectAsync("shop");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task By_default_the_new_holder_is_a_new_person_and_the_former_ones_key_proves_nothing_any_more()
    {
        using var key = new DeviceKey();
        var former = await VisitAsync(key);
        await RecycleAsync();

        var first = await ProveByCodeAsync();
        var formerHolder = await TryKeyAsync(key);
        var second = await ProveByCodeAsync();

        Assert.NotEqual(former.Text("proveId"), first.Text("proveId"));
        Assert.Equal(("true", Told), (first.Text("success"), EvaluationOf(first)));
        Assert.Equal(("mobile/instant", "pending"), formerHolder);
        // The new holder stays who they are, and the signal stays as well: nothing moved the day it is asked for.
        Assert.Equal((first.Text("proveId"), Told), (second.Text("proveId"), EvaluationOf(second)));
    }

    [Fact]
    public async Task A_key_of_the_former_holder_does_not_wash_the_signal_off()
    {
        using var key = new DeviceKey();
        var former = await VisitAsync(key);
        await RecycleAsync();
        var before = await LastVerifiedAsync();

        var byKey = await ProveByKeyAsync(key);
        var byCode = await ProveByCodeAsync();

        Assert.Equal(("true", former.Text("proveId"), Told), (byKey.Text("success"), byKey.Text("proveId"), EvaluationOf(byKey)));
        Assert.NotEqual(former.Text("proveId"), byCode.Text("proveId"));
        Assert.Equal(Told, EvaluationOf(byCode));
        Assert.Equal(before, await LastVerifiedAsync());
        Assert.Equal(("mobile/instant", "pending"), await TryKeyAsync(key));
    }

    [Fact]
    public async Task Where_it_is_refused_code_and_key_fail_alike_however_often_they_are_tried()
    {
        await SetRiskAsync(new RiskPolicy { Recycled = RiskRule.Refuse });
        using var key = new DeviceKey();
        await VisitAsync(key);
        await RecycleAsync();

        foreach (var flow in (Reply[])[await ProveByCodeAsync(), await ProveByKeyAsync(key), await ProveByCodeAsync(),
            await ProveByKeyAsync(key)])
        {
            Assert.Equal(("false", Refused, null), (flow.Text("success"), EvaluationOf(flow), flow.TextOrNull("proveId")));
        }
    }

    [Theory]
    [InlineData(RiskRule.Report)]
    [InlineData(RiskRule.Refuse)]
    public async Task A_passkey_of_the_former_holder_is_judged_as_their_key_is(RiskRule rule)
    {
        _shop = await _server.AddProjectAsync(
            "shop", new ProjectSettings { Passkeys = Passkeys.Preferred, Risk = new RiskPolicy { Recycled = rule } });
        using var authenticator = new VirtualAuthenticator(LoginPage);
        var former = await VisitAsync(authenticator);
        await RecycleAsync();
        var before = await LastVerifiedAsync();

        var byPasskey = await ProveByPasskeyAsync(authenticator);
        var byNetwork = await ProveByNetworkAsync();
        var (page, _) = await BeginAsync();
        var asked = await AskForPasskeyAsync(page);

        Assert.Equal(
            rule == RiskRule.Report ? ("true", former.Text("proveId"), Told) : ("false", null, Refused),
            (byPasskey.Text("success"), byPasskey.TextOrNull("proveId"), EvaluationOf(byPasskey)));
        // The network says who has the number now: somebody new, whose passkey is none of the former holder's.
        Assert.NotEqual(former.Text("proveId"), byNetwork.Text("proveId"));
        Assert.Equal("device/passive/register", (string?)asked["next"]);
        Assert.Equal(before, await LastVerifiedAsync());
    }

    [Fact]
    public async Task A_changed_SIM_is_no_matter_of_a_key()
    {
        await SetRiskAsync(new RiskPolicy { SimSwap = RiskRule.Refuse, SimSwapInWeek = RiskRule.Refuse, Recycled = RiskRule.Refuse });
        using var key = new DeviceKey();
        var first = await VisitAsync(key);
        await PassAsync(TimeSpan.FromDays(60));
        await _network.PutSubscriberAsync(Number, new JsonObject { ["simSwappedAt"] = Written(_clock.GetUtcNow().AddHours(-2)) });

        var byKey = await ProveByKeyAsync(key);

        Assert.Equal(("true", first.Text("proveId")), (byKey.Text("success"), byKey.Text("proveId")));
        Assert.Equal("false", (await ProveByCodeAsync()).Text("success"));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("key")]
    [InlineData("own check")]
    public async Task While_it_is_not_known_the_day_of_the_last_proof_stays(string method)
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var before = await LastVerifiedAsync();
        await RecycleAsync();
        await _network.SetFaultAsync(Unrecyclable());

        Assert.Equal("true", (await ProveAsync(method, key)).Text("success"));
        Assert.Equal(before, await LastVerifiedAsync());
        await _network.SetFaultAsync([]);

        Assert.Equal(Told, EvaluationOf(await ProveByCodeAsync()));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("key")]
    [InlineData("network")]
    [InlineData("own check")]
    public async Task On_the_day_itself_the_operator_cannot_be_asked_and_nothing_moves(string method)
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var before = await LastVerifiedAsync();
        await PassAsync(TimeSpan.FromHours(2));

        Assert.Equal("true", (await ProveAsync(method, key)).Text("success"));

        Assert.Equal(before, await LastVerifiedAsync());
    }

    [Theory]
    [InlineData("code")]
    [InlineData("network")]
    [InlineData("own check")]
    public async Task Whatever_shows_who_has_the_number_today_begins_a_new_person(string method)
    {
        using var key = new DeviceKey();
        var former = await VisitAsync(key);
        var before = await LastVerifiedAsync();
        await RecycleAsync();

        var proven = await ProveAsync(method, key: null);

        Assert.Equal(("true", Told), (proven.Text("success"), EvaluationOf(proven)));
        Assert.NotEqual(former.Text("proveId"), proven.Text("proveId"));
        Assert.Equal(before, await LastVerifiedAsync());
        Assert.Null((await DeviceAsync(key))!.IdentityId);
    }

    [Fact]
    public async Task A_number_that_stayed_moves_the_day_by_whatever_proves_it()
    {
        using var key = new DeviceKey();
        var first = await VisitAsync(key);
        foreach (var method in (string[])["key", "code", "network"])
        {
            var before = await LastVerifiedAsync();
            await PassAsync(TimeSpan.FromDays(2));

            var next = await ProveAsync(method, key);

            Assert.Equal((first.Text("proveId"), null), (next.Text("proveId"), EvaluationOf(next)));
            Assert.True(await LastVerifiedAsync() > before, method);
        }
    }

    [Fact]
    public async Task A_third_holder_is_a_third_person()
    {
        var first = await ProveByCodeAsync();
        await RecycleAsync();
        var second = await ProveByCodeAsync();
        await RecycleAsync();

        var third = await ProveByCodeAsync();

        Assert.Equal(3, new[] { first, second, third }.Select(flow => flow.Text("proveId")).Distinct().Count());
    }

    [Fact]
    public async Task Of_many_flows_at_once_all_find_one_new_person_and_no_key_of_the_former_one_is_tied_to_them()
    {
        using var key = new DeviceKey();
        var former = await VisitAsync(key);
        await RecycleAsync();

        var flows = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 4 == 3 ? FinishKeyAsync(key) : ProveByCodeAsync()));

        var byCode = flows.Where((_, i) => i % 4 != 3).Select(flow => flow.Text("proveId")).Distinct().ToArray();
        Assert.Single(byCode);
        Assert.NotEqual(former.Text("proveId"), byCode[0]);
        // A key that was quicker is the former person's; one that was slower proves nothing.
        Assert.All(flows.Where((_, i) => i % 4 == 3), flow =>
            Assert.True(flow.TextOrNull("proveId") is null || flow.Text("proveId") == former.Text("proveId")));
        Assert.Null((await DeviceAsync(key))!.IdentityId);
    }

    [Fact]
    public async Task The_former_person_is_kept_deactivated_and_no_number_leads_to_them()
    {
        var enrolled = await _server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{Number}}","clientCustomerId":"c-1"}""", _shop);
        var id = enrolled.Text("proveId");
        Assert.Equal(id, (await ProveByCodeAsync()).Text("proveId"));
        var ofBank = await LinkedAsync();
        Assert.Equal([ofBank], await CrossDomainAsync(id));
        await RecycleAsync();

        var named = await ProveByCodeAsync(new JsonObject { ["proveId"] = id, ["clientHumanId"] = "human-1" });
        var next = await ProveByCodeAsync();

        Assert.Equal(("false", NotThisPerson, null), (named.Text("success"), EvaluationOf(named), named.TextOrNull("proveId")));
        Assert.NotEqual(id, next.Text("proveId"));
        var shown = await _server.CallAsync(HttpMethod.Get, $"/v3/identity/{id}", _shop);
        Assert.False((bool)shown.Json!["active"]!);
        Assert.Empty(
            (await _server.CallAsync(
                HttpMethod.Get, $"/v3/identity/{Uri.EscapeDataString(Number)}/lookup", _shop)).Json!["items"]!.AsArray());
        Assert.Empty(await CrossDomainAsync(id));
        var refused = await _server.UnifyAsync(UnifyCalls.UnifyBody("mobile", null, new JsonObject { ["proveId"] = id }), _shop);
        Assert.Equal((400, "field 'proveId' is invalid: the number of this person has gone to somebody else"),
            (refused.Status, refused.Text("message")));
        // Enrolled, the number is the new person's.
        Assert.Equal(
            next.Text("proveId"), (await _server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{Number}}"}""", _shop)).Text("proveId"));
    }

    [Fact]
    public async Task A_verification_does_not_name_the_former_person()
    {
        var id = (await _server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{Number}}"}""", _shop)).Text("proveId");
        await ProveByCodeAsync();
        await RecycleAsync();

        var status = await VerifyByCodeAsync();

        Assert.Equal("true success success", status.Outcome);
        Assert.Null(status.TextOrNull("identityId"));
        Assert.False((bool)(await _server.CallAsync(HttpMethod.Get, $"/v3/identity/{id}", _shop)).Json!["active"]!);
    }

    [Theory]
    [InlineData("/v3/identity", "code")]
    [InlineData("/v3/identity", "network")]
    [InlineData("/v3/identity", "own check")]
    [InlineData("/v3/identity/batch", "code")]
    [InlineData("/v3/verify", "code")]
    public async Task Who_was_enrolled_without_a_proof_is_not_handed_to_the_new_holder(string way, string method)
    {
        var former = await EnrolAsync(way);
        await RecycleAsync();

        var proven = await ProveAsync(method, key: null);

        Assert.Equal(("true", Told), (proven.Text("success"), EvaluationOf(proven)));
        Assert.NotEqual(former, proven.Text("proveId"));
        Assert.Null(await LastVerifiedAsync());
        // The new holder stays who they are.
        Assert.Equal(proven.Text("proveId"), (await ProveByCodeAsync()).Text("proveId"));
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("unify with proveId")]
    public async Task A_proof_that_begins_no_identity_leaves_the_signal_of_a_number_that_was_only_enrolled(string product)
    {
        var former = await EnrolAsync("/v3/identity");
        await RecycleAsync();

        for (var i = 0; i < 3; i++)
        {
            // Its person has left the number by the second time, and is not begun with any more.
            Assert.Equal(Told, await ProveWithoutAnIdentityAsync(i > 0 && product == "unify with proveId" ? "verify" : product, former));
            Assert.Null(await LastVerifiedAsync());
        }
        await SetRiskAsync(new RiskPolicy { Recycled = RiskRule.Refuse });
        Assert.Equal(
            ("false", Refused), (await VerifyByCodeAsync()) is var refused ? (refused.Text("success"), EvaluationOf(refused)) : default);

        // The next identity begins, and with it the day that the operator is asked for.
        await SetRiskAsync(new RiskPolicy());
        await EnrolAsync("/v3/identity");
        await PassAsync(TimeSpan.FromDays(2));
        Assert.Null(EvaluationOf(await VerifyByCodeAsync()));
        Assert.Equal(_clock.GetUtcNow(), await LastVerifiedAsync());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(3000)]
    public async Task The_signal_lasts_its_time_from_when_the_number_was_left_however_old_its_identity(int days)
    {
        await EnrolAsync("/v3/identity");
        await PassAsync(TimeSpan.FromDays(days));
        await RecycleAsync();
        Assert.Equal(Told, EvaluationOf(await VerifyByCodeAsync()));

        foreach (var later in (int[])[0, 364])
        {
            await PassAsync(TimeSpan.FromDays(later));
            await CleanAsync();
            Assert.Equal(Told, EvaluationOf(await VerifyByCodeAsync()));
            Assert.Null(await LastVerifiedAsync());
        }
        await SetRiskAsync(new RiskPolicy { Recycled = RiskRule.Refuse });
        Assert.Equal("false", (await VerifyByCodeAsync()).Text("success"));

        await PassAsync(TimeSpan.FromDays(2));
        await CleanAsync();
        Assert.Equal("true", (await VerifyByCodeAsync()).Text("success"));
    }

    [Fact]
    public async Task While_it_is_not_known_no_day_is_set_for_a_number_that_its_identity_has_left()
    {
        await EnrolAsync("/v3/identity");
        await RecycleAsync();
        await VerifyByCodeAsync();
        await _network.SetFaultAsync(Unrecyclable());

        Assert.Equal("true", (await VerifyByCodeAsync()).Text("success"));
        Assert.Null(await LastVerifiedAsync());
        await _network.SetFaultAsync([]);

        Assert.Equal(Told, EvaluationOf(await VerifyByCodeAsync()));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("network")]
    [InlineData("own check")]
    public async Task Where_the_last_proof_is_no_longer_on_file_the_new_holder_is_a_new_person_too(string method)
    {
        using var key = new DeviceKey();
        var former = await VisitAsync(key);
        await RecycleAsync();
        await ForgetLastVerifiedAsync();

        var proven = await ProveAsync(method, key: null);

        Assert.Equal(("true", Told), (proven.Text("success"), EvaluationOf(proven)));
        Assert.NotEqual(former.Text("proveId"), proven.Text("proveId"));
        Assert.Null((await DeviceAsync(key))!.IdentityId);
        Assert.Equal(("mobile/instant", "pending"), await TryKeyAsync(key));
    }

    [Fact]
    public async Task Where_the_last_proof_is_no_longer_on_file_a_key_is_told_and_judged_as_well()
    {
        using var key = new DeviceKey();
        var former = await VisitAsync(key);
        await RecycleAsync();
        await ForgetLastVerifiedAsync();

        var reported = await ProveByKeyAsync(key);
        await SetRiskAsync(new RiskPolicy { Recycled = RiskRule.Refuse });
        var refused = await ProveByKeyAsync(key);

        Assert.Equal(("true", former.Text("proveId"), Told), (reported.Text("success"), reported.Text("proveId"), EvaluationOf(reported)));
        Assert.Equal(("false", Refused), (refused.Text("success"), EvaluationOf(refused)));
        Assert.Null(await LastVerifiedAsync());
    }

    [Theory]
    [InlineData("code")]
    [InlineData("own check")]
    public async Task While_it_is_not_known_no_day_is_set_for_a_number_that_an_identity_holds(string method)
    {
        var former = await EnrolAsync("/v3/identity");
        await RecycleAsync();
        await _network.SetFaultAsync(Unrecyclable());

        Assert.Equal(former, (await ProveAsync(method, key: null)).Text("proveId"));
        Assert.Null(await LastVerifiedAsync());
        await _network.SetFaultAsync([]);

        var proven = await ProveByCodeAsync();
        Assert.NotEqual(former, proven.Text("proveId"));
        Assert.Equal(Told, EvaluationOf(proven));
    }

    [Fact]
    public async Task An_enrolled_person_whose_number_stayed_keeps_their_id_and_the_day_is_set()
    {
        var id = await EnrolAsync("/v3/identity");
        await PassAsync(TimeSpan.FromDays(2));

        var proven = await ProveByCodeAsync();

        Assert.Equal((id, null), (proven.Text("proveId"), EvaluationOf(proven)));
        Assert.Equal(_clock.GetUtcNow(), await LastVerifiedAsync());
    }

    private static string? EvaluationOf(Reply reply) => reply.Json!["evaluation"]?.ToJsonString();

    private static string Written(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Unrecyclable() => new() { ["status"] = new JsonObject { ["verify"] = 503 } };

    /// <summary>Time passes and no timer is awoken: a second's timer would be, five million times.</summary>
    private Task PassAsync(TimeSpan time)
    {
        _clock.AdjustTime(_clock.GetUtcNow() + time);
        return _server.AdvanceAsync(TimeSpan.Zero);
    }

    /// <summary>Sixty days pass, and twenty days before their end the number goes to somebody else.</summary>
    private async Task RecycleAsync()
    {
        await PassAsync(TimeSpan.FromDays(60));
        await _network.PutSubscriberAsync(Number, new JsonObject { ["recycledAt"] = Written(_clock.GetUtcNow().AddDays(-20)) });
    }

    private async Task SetRiskAsync(RiskPolicy policy) =>
        _shop = await _server.AddProjectAsync("shop", new ProjectSettings { Risk = policy });

    private Task<DateTimeOffset?> LastVerifiedAsync() => _server.Services.GetRequiredService<IVerifiedNumbers>()
        .FindAsync(ProjectId.Parse("shop"), PhoneNumber.Parse(Number), TestContext.Current.CancellationToken);

    /// <summary>As the cleaner does each minute.</summary>
    private Task CleanAsync() => _server.Services.GetRequiredService<RecordUpkeep>().CleanAsync(
        async (_, remove) =>
        {
            while (await remove(100) > 0)
            {
            }
        },
        _clock.GetUtcNow(), TestContext.Current.CancellationToken);

    /// <summary>As the cleaner does once <c>Records:Retention</c> has passed.</summary>
    private Task<int> ForgetLastVerifiedAsync() => _server.Services.GetRequiredService<IVerifiedNumberStore>()
        .RemoveAsync(_clock.GetUtcNow(), 100, TestContext.Current.CancellationToken);

    /// <summary>Makes an identity without a proof of the number.</summary>
    private async Task<string> EnrolAsync(string way)
    {
        switch (way)
        {
            case "/v3/identity":
                return (await _server.PostAsync(way, $$"""{"phoneNumber":"{{Number}}"}""", _shop)).Text("proveId");
            case "/v3/identity/batch":
                var batch = await _server.PostAsync(way, $$"""{"items":[{"phoneNumber":"{{Number}}"}]}""", _shop);
                Assert.Equal(200, batch.Status);
                break;
            default:
                // A one-call verification that came to something.
                await _server.Services.GetRequiredService<Countersign.Core.Enrolments.IIdentityStore>()
                    .ObtainAsync(
                        ProjectId.Parse("shop"), PhoneNumber.Parse(Number), _clock.GetUtcNow(), TestContext.Current.CancellationToken);
                break;
        }
        return (await _server.Services.GetRequiredService<Countersign.Core.Enrolments.IIdentityStore>()
            .FindAsync(ProjectId.Parse("shop"), PhoneNumber.Parse(Number), TestContext.Current.CancellationToken))!.Id.ToString();
    }

    private Task<Device?> DeviceAsync(DeviceKey key) =>
        _server.Services.GetRequiredService<IDeviceStore>().FindAsync(Guid.Parse(key.DeviceId), TestContext.Current.CancellationToken);

    private Task<Reply> ProveAsync(string method, DeviceKey? key) => method switch
    {
        "key" => ProveByKeyAsync(key!),
        "network" => ProveByNetworkAsync(),
        "own check" => ProveByOwnCheckAsync(),
        _ => ProveByCodeAsync(),
    };

    /// <summary>A first visit: the browser registers its key, and a code proves the number.</summary>
    private async Task<Reply> VisitAsync(DeviceKey key)
    {
        var (page, flow) = await BeginAsync();
        await key.RegisterAsync(page);
        await EnterCodeAsync(page, flow);
        return await StatusAsync(flow);
    }

    private async Task<Reply> ProveByCodeAsync(JsonObject? more = null)
    {
        var (page, flow) = await BeginAsync(more);
        await EnterCodeAsync(page, flow);
        return await StatusAsync(flow);
    }

    private async Task<Reply> VerifyByCodeAsync()
    {
        var flow = await _server.BeginAsync("mobile", Number, credentials: _shop);
        await EnterCodeAsync(_server.Browser(flow.AuthToken!), flow);
        return await _server.StatusAsync(flow.Id, _shop);
    }

    private async Task<string?> ProveWithoutAnIdentityAsync(string product, string former)
    {
        if (product == "verify")
        {
            return EvaluationOf(await VerifyByCodeAsync());
        }
        var named = EvaluationOf(await ProveByCodeAsync(new JsonObject { ["proveId"] = former }));
        return named == NotThisPerson ? Told : named;
    }

    private async Task<Reply> ProveByKeyAsync(DeviceKey key)
    {
        var (page, flow) = await BeginAsync();
        Assert.Equal("done", (string?)(await key.ProveAsync(page))["next"]);
        return await StatusAsync(flow);
    }

    private async Task<Reply> FinishKeyAsync(DeviceKey key)
    {
        var (page, flow) = await BeginAsync();
        await key.ProveAsync(page);
        return await StatusAsync(flow);
    }

    private async Task<(string? Next, string Success)> TryKeyAsync(DeviceKey key)
    {
        var (page, flow) = await BeginAsync();
        var next = (string?)(await key.ProveAsync(page))["next"];
        return (next, (await StatusAsync(flow)).Text("success"));
    }

    private async Task<Reply> ProveByNetworkAsync()
    {
        var (page, flow) = await BeginAsync();
        var begun = await page.Post("mobile/instant/start", """{"implementation":"fetch"}""");
        using var phone = new Handset(SimulatedNetwork.RightSim, _server);
        var returned = await phone.OpenAsync((string)begun["data"]!["redirectUrl"]!);
        await page.Post("mobile/instant/finish", new JsonObject { ["vfp"] = returned.Text("vfp") }.ToJsonString());
        return await StatusAsync(flow);
    }

    private async Task<Reply> ProveByOwnCheckAsync()
    {
        var flow = await _server.BeginUnifyAsync("none", Number, credentials: _shop);
        return await _server.UnifyBindAsync(flow.Id, Number, _shop);
    }

    private async Task<(Page Page, Begun Flow)> BeginAsync(JsonObject? more = null)
    {
        var flow = await _server.BeginUnifyAsync("mobile", Number, more, _shop);
        return (_server.Browser(flow.AuthToken!), flow);
    }

    private async Task EnterCodeAsync(Page page, Begun flow)
    {
        await page.Post("mobile/otp/start");
        await page.Enter(_server.Gateway.Submissions.Last(submission => submission.Text.Flow.ToString() == flow.Id).Text.Proof.Reveal());
    }

    private async Task<Reply> VisitAsync(VirtualAuthenticator authenticator)
    {
        var (page, flow) = await BeginAsync();
        var asked = await AskForPasskeyAsync(page);
        await page.Post("device/fido2/register/finish", new JsonObject
        {
            ["registrations"] = new JsonArray(new JsonObject
            {
                ["webAuthnCredential"] = authenticator.Create(asked["data"]!["credCreateOptions"]!.ToJsonString()),
            }),
        }.ToJsonString());
        await EnterCodeAsync(page, flow);
        return await StatusAsync(flow);
    }

    private async Task<Reply> ProveByPasskeyAsync(VirtualAuthenticator authenticator)
    {
        authenticator.Counter++;
        var (page, flow) = await BeginAsync();
        var asked = await AskForPasskeyAsync(page);
        await page.Post("device/fido2/verify/finish", new JsonObject
        {
            ["webAuthnAssertion"] = authenticator.Get(asked["data"]!["credRequestOptions"]!.ToJsonString()),
        }.ToJsonString());
        return await StatusAsync(flow);
    }

    private static async Task<JsonNode> AskForPasskeyAsync(Page page) => (await page.SendAsync(
        "device/fido2/start", """{"signals":{},"deviceId":null}""",
        headers: new Dictionary<string, string> { ["Origin"] = LoginPage })).Json!;

    private Task<Reply> StatusAsync(Begun flow) => _server.UnifyStatusAsync(flow.Id, _shop);

    private async Task<string> LinkedAsync()
    {
        var bank = await _server.AddProjectAsync("bank");
        var id = (await _server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{Number}}"}""", bank)).Text("proveId");
        var domains = _server.Services.GetRequiredService<Countersign.Core.Domains.IDomainStore>();
        await domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), Countersign.Core.Domains.LinkScopes.Identities,
            _clock.GetUtcNow(), TestContext.Current.CancellationToken);
        await domains.AcceptAsync(
            ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, _clock.GetUtcNow(), TestContext.Current.CancellationToken);
        return id;
    }

    private async Task<string[]> CrossDomainAsync(string id) =>
        [.. ((await _server.PostAsync($"/v3/identity/{id}/cross-domain", "{}", _shop)).Json!["identities"]?.AsArray() ?? []).Select(one =>
            (string)one!["identityId"]!)];

    private sealed class EverybodyMatches : IIdentitySource
    {
        public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken) =>
            Task.FromResult(new IdentityAnswer(IdentityMatch.Matched));
    }
}

public sealed class RecycledNumberOnSqliteTests(OnSqlite fixture) : RecycledNumberTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class RecycledNumberOnPostgresTests(OnPostgres fixture) : RecycledNumberTests(fixture), IClassFixture<OnPostgres>;
