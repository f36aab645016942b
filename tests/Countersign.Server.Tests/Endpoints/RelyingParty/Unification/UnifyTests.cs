using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Enrolments;
using Countersign.Providers.Sandbox;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Unification;

public abstract class UnifyTests(ServerFixture fixture)
{
    private const string ShortTerm = "2001004018";
    private const string ByCode = "2001009302";
    private const string ByNetwork = "2001004016";
    private const string Someone = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";
    private const string Refused =
        """{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","9914":"text refused or not """
            + """delivered"}}}""";

    private const string Declined =
        """{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","9912":"declined by the person"}}}""";

    private const string WrongCode =
        """{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","9910":"wrong code"}}}""";

    private const string NotAllowed = "403 8003 step not allowed";
    private const string UnknownFlow = "400 8008 correlation id is not valid";
    private const string NotFound = "404 8011 not found";

    private static readonly TestUsers _users = TestUsers.Load();

    private TestServer Server => fixture.Server;

    public static TheoryData<string, string> UnifyUsers =>
        [.. _users.All.Where(IsOfUnify).SelectMany(_ => (string[])["desktop", "mobile"], (user, type) => (user.Number, type))];

    public static TheoryData<string> OtherUsers => [.. _users.All.Where(user => !IsOfUnify(user)).Select(user => user.Number)];

    [Theory]
    [InlineData("desktop")]
    [InlineData("mobile")]
    public async Task A_short_term_user_reaches_true_without_a_browser(string type)
    {
        var flow = await Server.BeginUnifyAsync(type, ShortTerm);

        var status = await Server.UnifyStatusAsync(flow.Id);

        Assert.Equal("pending", flow.Reply.Text("success"));
        Assert.Equal(["authToken", "correlationId", "success"], Names(flow.Reply));
        Assert.Equal(
            ("true", ShortTerm, "request-1"), (status.Text("success"), status.Text("phoneNumber"), status.Text("clientRequestId")));
        Assert.Equal(["success", "phoneNumber", "proveId", "clientRequestId"], Names(status));
    }

    [Theory]
    [MemberData(nameof(UnifyUsers))]
    public async Task A_test_user_reaches_the_result_that_is_promised(string number, string type)
    {
        var user = _users.All.Single(u => u.Number == number);
        var flow = await Server.BeginUnifyAsync(type, number);

        await GoAsync(user, type, flow);

        var status = await Server.UnifyStatusAsync(flow.Id);
        var isRefused = user.Role is Roles.TextRefused or Roles.LinkDeclined;
        Assert.Equal(isRefused ? "false" : "true", status.Text("success"));
        Assert.Equal(number, status.Text("phoneNumber"));
        Assert.Equal(!isRefused, status.TextOrNull("proveId") is not null);
        Assert.Equal(
            isRefused ? user.Role == Roles.TextRefused ? Refused : type == "desktop" ? Declined : WrongCode
            : user.Role == Roles.SimSwapped
                ? """{"risk":{"result":"fail","failureReasons":{"9135":"SIM changed within the last 24 hours"}}}"""
            : null,
            status.Json!["evaluation"]?.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(OtherUsers))]
    public async Task A_test_user_of_another_product_is_refused(string number)
    {
        Assert.Equal(
            "403 8009 test user belongs to another product", (await Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", number))).Fault);
    }

    [Theory]
    [InlineData("2009999999")]
    [InlineData("2001004029")]
    [InlineData("+2001004018")]
    public async Task A_number_that_nobody_has_is_refused_and_nothing_is_stored(string number)
    {
        var before = await Server.CountAsync("flows");

        var reply = await Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", number));

        Assert.Equal("400 8007 no test user found matching the phone number", reply.Fault);
        Assert.Equal(before, await Server.CountAsync("flows"));
    }

    [Theory]
    [InlineData("2001009302")]
    [InlineData("12001009302")]
    [InlineData("+12001009302")]
    public async Task The_number_is_answered_as_it_was_written(string number)
    {
        var flow = await Server.BeginUnifyAsync("mobile", number);

        Assert.Equal(number, (await Server.UnifyStatusAsync(flow.Id)).Text("phoneNumber"));
    }

    [Fact]
    public async Task A_person_keeps_one_id_however_often_and_however_they_come()
    {
        var first = await Server.BeginUnifyAsync("mobile", ByCode);
        await Server.ProveByCodeAsync(first);
        var second = await Server.BeginUnifyAsync("desktop", "+1" + ByCode);
        await Server.ProveByLinkAsync(second, ByCode);
        var otherProject = await Server.AddProjectAsync("other-shop");
        var third = await Server.BeginUnifyAsync("mobile", ByCode, credentials: otherProject);
        await Server.ProveByCodeAsync(third);

        var ids = new[]
        {
            (await Server.UnifyStatusAsync(first.Id)).Text("proveId"),
            (await Server.UnifyStatusAsync(second.Id)).Text("proveId"),
            (await Server.UnifyStatusAsync(third.Id, otherProject)).Text("proveId"),
        };

        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
    }

    [Fact]
    public async Task A_flow_is_pending_until_its_browser_is_done_and_asking_changes_nothing()
    {
        var flow = await Server.BeginUnifyAsync("mobile", ByCode);
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
        await page.Post("mobile/otp/start");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
        }
        await page.Enter("1234");

        Assert.Equal("true", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Theory]
    [InlineData("mobile", "device/passive",
        """{"dev":{"auths":{"pasv":{"cdt":true,"uvlvl":"none"}}},"mob":{"auths":{"inst":{},"otp":{"mnp":true,"amnrp":true}}}}""")]
    [InlineData("none", "device/passive", """{"dev":{"auths":{"pasv":{"cdt":true,"uvlvl":"none"}}}}""")]
    [InlineData("desktop", "mobile/instantlink", """{"mob":{"auths":{"inln":{"mnp":true,"amnrp":true}}}}""")]
    public async Task The_token_names_the_first_step(string type, string step, string subjects)
    {
        var flow = await Server.BeginUnifyAsync(type, ByCode);

        var auth = Server.Browser(flow.AuthToken!).Claims["auth"]!;

        Assert.Equal((step, subjects), ((string?)auth["next"], auth["subs"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("mobile", """{"dev":{"auths":{"pasv":{"cdt":true,"uvlvl":"none"}}},"mob":{"auths":{"inst":{},"otp":{"mnp":true}}}}""")]
    [InlineData("none", """{"dev":{"auths":{"pasv":{"cdt":true,"uvlvl":"none"}}}}""")]
    [InlineData("desktop", """{"mob":{"auths":{"inln":{"mnp":true}}}}""")]
    public async Task The_token_of_a_flow_about_one_person_offers_no_other_number(string type, string subjects)
    {
        var known = await Server.BeginUnifyAsync("mobile", ByCode);
        await Server.ProveByCodeAsync(known);
        var id = (await Server.UnifyStatusAsync(known.Id)).Text("proveId");

        var flow = await Server.BeginUnifyAsync(type, ByCode, new JsonObject { ["proveId"] = id });

        Assert.Equal(subjects, Server.Browser(flow.AuthToken!).Claims["auth"]!["subs"]!.ToJsonString());
    }

    [Fact]
    public async Task A_browser_without_a_key_may_begin_with_the_network()
    {
        var texts = (await Server.MessagesAsync(ByNetwork)).Count;
        var flow = await Server.BeginUnifyAsync("mobile", ByNetwork);
        var page = Server.Browser(flow.AuthToken!);

        var address = (string)(await page.Post("mobile/instant/start"))["data"]!["redirectUrl"]!;
        await page.Post("mobile/instant/finish", $$"""{"vfp":"{{address.Split("testVfp=")[1]}}"}""");

        Assert.Equal("true", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
        Assert.Equal(texts, (await Server.MessagesAsync(ByNetwork)).Count);
    }

    [Fact]
    public async Task A_browser_without_a_key_is_led_from_a_network_that_cannot_be_asked_to_a_code()
    {
        var flow = await Server.BeginUnifyAsync("mobile", ByCode);

        var answer = await Server.Browser(flow.AuthToken!).Post("mobile/instant/start");

        Assert.Equal(
            """{"next":"mobile/otp","error":{"code":10001,"message":"the mobile network cannot be asked here"}}""", answer.ToJsonString());
    }

    [Fact]
    public async Task A_wrong_code_leaves_no_identity()
    {
        var flow = await Server.BeginUnifyAsync("mobile", ByCode);

        await Server.ProveByCodeAsync(flow, "0000");

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(["success", "phoneNumber", "clientRequestId", "evaluation"], Names(status));
        Assert.Equal(("false", WrongCode), (status.Text("success"), status.Json!["evaluation"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_link_that_nobody_opens_fails_at_its_deadline()
    {
        var flow = await Server.BeginUnifyAsync("desktop", ByCode);
        await Server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");

        await Server.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal("false", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task Every_code_of_who_declines_is_wrong_the_shown_one_too()
    {
        const string declines = "2001004015";
        var flow = await Server.BeginUnifyAsync("mobile", declines, new JsonObject { ["allowOTPRetry"] = true });
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        var shown = (await Server.LastMessageAsync(declines)).Code!;

        var answers = new[] { await page.Enter(shown), await page.Enter("0000"), await page.Enter(shown) };

        Assert.Equal("1234", shown);
        Assert.Equal([10001, 10001, 10005], answers.Select(answer => (int)(answer["data"] ?? answer["error"])!["code"]!));
        Assert.Equal("false", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task Who_declines_only_links_in_verify_still_enters_the_right_code_there()
    {
        var flow = await Server.BeginAsync("mobile", "2001009009");

        await Server.ProveByCodeAsync(flow);

        Assert.Equal("true success success", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task The_relying_partys_own_ids_come_back()
    {
        var flow = await Server.BeginUnifyAsync(
            "mobile", ShortTerm,
            new JsonObject { ["clientHumanId"] = "human-7", ["clientCustomerId"] = "customer-7", ["clientRequestId"] = null });

        var silent = await Server.UnifyStatusAsync(flow.Id);
        var asked = await Server.PostAsync(
            "/v3/unify-status", $$"""{"correlationId":"{{flow.Id}}","clientRequestId":"request-9","phoneNumber":"2001004011"}""");

        Assert.Equal(("human-7", null), (silent.Text("clientHumanId"), silent.TextOrNull("clientRequestId")));
        Assert.Equal(
            ("human-7", "request-9", ShortTerm), (asked.Text("clientHumanId"), asked.Text("clientRequestId"), asked.Text("phoneNumber")));
    }

    [Fact]
    public async Task A_result_outlives_a_restart_and_ends_with_its_flow()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginUnifyAsync("mobile", "2001009304", new JsonObject { ["clientHumanId"] = "human-7" });
        await server.ProveByCodeAsync(flow);
        var before = await server.UnifyStatusAsync(flow.Id);

        await server.RestartAsync();
        await server.AdvanceAsync(TimeSpan.FromSeconds(870));
        var after = await server.UnifyStatusAsync(flow.Id);
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(("true", before.Body), (after.Text("success"), after.Body));
        Assert.NotNull(after.Json!["evaluation"]!["risk"]);
        Assert.Equal(UnknownFlow, (await server.UnifyStatusAsync(flow.Id)).Fault);
    }

    [Theory]
    [InlineData("/v3/unify-status")]
    [InlineData("/v3/unify-bind")]
    public async Task Every_flow_that_is_not_the_callers_own_unify_flow_is_unknown(string path)
    {
        var stranger = await Server.AddProjectAsync("stranger");
        var own = await Server.BeginUnifyAsync("none", ByCode);
        var verify = await Server.BeginAsync("mobile", "2001009002");

        Assert.Equal(UnknownFlow, (await AskAsync(Someone)).Fault);
        Assert.Equal(UnknownFlow, (await AskAsync(verify.Id)).Fault);
        Assert.Equal(UnknownFlow, (await AskAsync(own.Id, stranger)).Fault);
        Assert.Equal(UnknownFlow, (await Server.StatusAsync(own.Id)).Fault);
        Assert.Equal("possession_required", (await Server.UnifyStatusAsync(own.Id)).Text("success"));

        Task<Reply> AskAsync(string id, Credentials? credentials = null) =>
            Server.PostAsync(path, $$"""{"correlationId":"{{id}}","phoneNumber":"{{ByCode}}"}""", credentials);
    }

    [Theory]
    [InlineData("2001009302", "2001009302")]
    [InlineData("+12001009302", "2001009302")]
    [InlineData("2001004018", "12001004018")]
    [InlineData("+2001004029", "+2001004029")]
    public async Task An_own_check_that_has_passed_binds_once(string number, string checkedNumber)
    {
        var flow = await Server.BeginUnifyAsync("none", number);

        var before = await Server.UnifyStatusAsync(flow.Id);
        var bound = await Server.UnifyBindAsync(flow.Id, checkedNumber);
        var again = await Server.UnifyBindAsync(flow.Id, checkedNumber);

        Assert.Equal(("pending", "possession_required"), (flow.Reply.Text("success"), before.Text("success")));
        Assert.Equal(["success", "phoneNumber", "clientRequestId"], Names(before));
        Assert.Equal(("true", number, "request-1"), (bound.Text("success"), bound.Text("phoneNumber"), bound.Text("clientRequestId")));
        Assert.NotNull(bound.TextOrNull("proveId"));
        Assert.Equal(NotAllowed, again.Fault);
        Assert.Equal(bound.Body, (await Server.UnifyStatusAsync(flow.Id)).Body);
    }

    [Fact]
    public async Task Signals_are_reported_to_who_binds()
    {
        var flow = await Server.BeginUnifyAsync("none", "2001009304");

        var bound = await Server.UnifyBindAsync(flow.Id, "2001009304");

        Assert.Equal(
            """{"risk":{"result":"fail","failureReasons":{"9135":"SIM changed within the last 24 hours"}}}""",
            bound.Json!["evaluation"]!.ToJsonString());
    }

    [Theory]
    [InlineData("2001009301")]
    [InlineData("+2001009302")]
    [InlineData("nonsense")]
    public async Task Another_number_than_the_flows_cannot_be_bound_and_uses_nothing_up(string number)
    {
        var flow = await Server.BeginUnifyAsync("none", ByCode);

        var reply = await Server.UnifyBindAsync(flow.Id, number);

        Assert.Equal("400 8001 field 'phoneNumber' is invalid: is not the number of this flow", reply.Fault);
        Assert.Equal("true", (await Server.UnifyBindAsync(flow.Id, ByCode)).Text("success"));
    }

    [Theory]
    [InlineData("mobile", false)]
    [InlineData("mobile", true)]
    [InlineData("desktop", false)]
    public async Task A_flow_whose_possession_the_browser_shows_cannot_be_bound(string type, bool isProven)
    {
        var flow = await Server.BeginUnifyAsync(type, ByCode);
        if (isProven)
        {
            await Server.ProveByCodeAsync(flow);
        }

        Assert.Equal(NotAllowed, (await Server.UnifyBindAsync(flow.Id, ByCode)).Fault);
        Assert.Equal(isProven ? "true" : "pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_page_that_gives_up_says_nothing_about_the_own_check()
    {
        var flow = await Server.BeginUnifyAsync("none", ByCode);

        await Server.Browser(flow.AuthToken!).Post("mobile/otp/error", """{"message":"x"}""");

        Assert.Equal("possession_required", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
        Assert.Equal("true", (await Server.UnifyBindAsync(flow.Id, ByCode)).Text("success"));
    }

    [Fact]
    public async Task No_text_is_sent_in_a_flow_of_the_relying_partys_own_check()
    {
        // A load user of this test alone: the listed ones get texts from others.
        const string number = "2002500026";
        var flow = await Server.BeginUnifyAsync("none", number);
        var page = Server.Browser(flow.AuthToken!);
        const string expected = """{"next":"device/passive","error":{"code":10003,"message":"this step is not part of the flow"}}""";

        Assert.Equal(expected, (await page.Post("mobile/otp/start")).ToJsonString());
        Assert.Equal(expected, (await page.Post("mobile/otp/start", """{"mobileNumber":"+2001004025"}""")).ToJsonString());
        Assert.Equal(expected, (await page.Post("mobile/instantlink/start")).ToJsonString());
        Assert.Empty(await Server.MessagesAsync(number));
        Assert.Equal(number, (await Server.UnifyStatusAsync(flow.Id)).Text("phoneNumber"));
    }

    [Fact]
    public async Task An_identity_brings_its_number_along()
    {
        var first = await Server.BeginUnifyAsync("mobile", "+2001004025");
        await Server.ProveByCodeAsync(first);
        var proveId = (await Server.UnifyStatusAsync(first.Id)).Text("proveId");

        var alone = await Server.BeginUnifyAsync("mobile", null, new JsonObject { ["proveId"] = proveId });
        var together = await Server.BeginUnifyAsync("none", "+2001004025", new JsonObject { ["proveId"] = proveId.ToUpperInvariant() });
        await Server.ProveByCodeAsync(alone);

        var status = await Server.UnifyStatusAsync(alone.Id);
        Assert.Equal(("true", "+2001004025", proveId), (status.Text("success"), status.Text("phoneNumber"), status.Text("proveId")));
        Assert.Equal("+2001004025", (await Server.UnifyStatusAsync(together.Id)).Text("phoneNumber"));
    }

    [Fact]
    public async Task A_north_american_identity_alone_is_answered_with_its_country_code()
    {
        var proveId = await IdentityOfAsync("2001009302");

        var flow = await Server.BeginUnifyAsync("mobile", null, new JsonObject { ["proveId"] = proveId });

        Assert.Equal("+12001009302", (await Server.UnifyStatusAsync(flow.Id)).Text("phoneNumber"));
    }

    [Fact]
    public async Task An_identity_that_the_project_does_not_know_is_not_found()
    {
        var stranger = await Server.AddProjectAsync("no-identities");
        var known = await IdentityOfAsync(ByCode);
        var flows = await Server.CountAsync("flows");

        Assert.Equal(NotFound, (await BeginAsync(null, Someone)).Fault);
        Assert.Equal(NotFound, (await BeginAsync(ByCode, Someone)).Fault);
        Assert.Equal(NotFound, (await BeginAsync(ByCode, known, stranger)).Fault);
        Assert.Equal(flows, await Server.CountAsync("flows"));

        Task<Reply> BeginAsync(string? number, string id, Credentials? credentials = null) =>
            Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", number, new JsonObject { ["proveId"] = id }), credentials);
    }

    [Fact]
    public async Task A_number_that_is_not_the_identitys_is_refused()
    {
        var reply = await Server.UnifyAsync(
            UnifyCalls.UnifyBody("mobile", "2001009301", new JsonObject { ["proveId"] = await IdentityOfAsync(ByCode) }));

        Assert.Equal("400 8001 field 'phoneNumber' is invalid: is not the number of this proveId", reply.Fault);
    }

    [Fact]
    public async Task An_identity_whose_number_is_of_another_product_is_refused()
    {
        var reply = await Server.UnifyAsync(
            UnifyCalls.UnifyBody("mobile", null, new JsonObject { ["proveId"] = await IdentityOfAsync("2001009002") }));

        Assert.Equal("403 8009 test user belongs to another product", reply.Fault);
    }

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_on_this_path_alone()
    {
        var body = UnifyCalls.UnifyBody("mobile", ByCode);
        var first = await Server.UnifyAsync(body, idempotencyKey: "unify-1");
        var flows = await Server.CountAsync("flows");

        var again = await Server.UnifyAsync(body, idempotencyKey: "unify-1");
        var other = await Server.UnifyAsync(UnifyCalls.UnifyBody("none", ByCode), idempotencyKey: "unify-1");
        var badKey = await Server.UnifyAsync(body, idempotencyKey: "a b");
        var elsewhere = await Server.VerifyAsync(TestServer.VerifyBody("mobile", "2001009002"), idempotencyKey: "unify-1");

        Assert.Equal((200, first.Body), (again.Status, again.Body));
        Assert.Equal("422 8422 this idempotency key was used with another body", other.Fault);
        Assert.Equal("400 8001 field 'Idempotency-Key' is invalid: must be 1 to 255 visible ASCII characters", badKey.Fault);
        Assert.Equal(200, elsewhere.Status);
        Assert.Equal(flows + 1, await Server.CountAsync("flows"));
    }

    [Fact]
    public async Task The_checks_stand_in_the_order_of_the_contract()
    {
        var unknown = new JsonObject { ["proveId"] = Someone };
        await Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", ByCode), idempotencyKey: "order-1");

        var fieldsFirst = await Server.UnifyAsync("{}", idempotencyKey: "order-1");
        var keyFirst = await Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", "2009999999", unknown), idempotencyKey: "order-1");
        var identityFirst = await Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", "2009999999", unknown));
        var bindFieldsFirst = await Server.PostAsync("/v3/unify-bind", $$"""{"correlationId":"{{Someone}}"}""");

        Assert.Equal("400 8001 field 'flowType' is missing; field 'phoneNumber' is missing", fieldsFirst.Fault);
        Assert.Equal(8422, keyFirst.Code);
        Assert.Equal(NotFound, identityFirst.Fault);
        Assert.Equal("400 8001 field 'phoneNumber' is missing", bindFieldsFirst.Fault);
    }

    private static bool IsOfUnify(TestUser user) => user.Product is TestUser.Unify or TestUser.UnifyMobileAuth or TestUser.EveryProduct;

    private static IEnumerable<string> Names(Reply reply) => reply.Json!.AsObject().Select(member => member.Key);

    private async Task<string> IdentityOfAsync(string number)
    {
        var store = Server.Services.GetRequiredService<IIdentityStore>();
        var identity = await store.ObtainAsync(
            ProjectId.Parse("sandbox"), PhoneNumber.Parse(number), DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);
        return identity.Id.ToString();
    }

    /// <summary>What this person does: as the scenario says, and else the right thing.</summary>
    private async Task GoAsync(TestUser user, string type, Begun flow)
    {
        if (user.ProvesItself)
        {
            return;
        }
        var page = Server.Browser(flow.AuthToken!);
        if (type == "desktop")
        {
            await using var socket = await page.ConnectSocketAsync();
            await page.Post("mobile/instantlink/start");
            if (user.Role is not (Roles.TextRefused or Roles.LinkDeclined))
            {
                await Server.ConfirmLinkAsync((await Server.LastMessageAsync(user.Number)).Link!);
            }
            Assert.StartsWith("""{"next":"done""", await socket.ReceiveAsync(), StringComparison.Ordinal);
            return;
        }

        var next = await page.Post("mobile/instant/start");
        Assert.Equal(user.Role == Roles.MobileAuthPasses, next["data"] is not null);
        if ((string?)next["data"]?["redirectUrl"] is { } address)
        {
            await page.Post("mobile/instant/finish", $$"""{"vfp":"{{address.Split("testVfp=")[1]}}"}""");
            return;
        }
        await page.Post("mobile/otp/start");
        await page.Enter((await Server.LastMessageAsync(user.Number)).Code!);
    }
}

public sealed class UnifyOnSqlite(OnSqlite fixture) : UnifyTests(fixture), IClassFixture<OnSqlite>;

public sealed class UnifyOnPostgres(OnPostgres fixture) : UnifyTests(fixture), IClassFixture<OnPostgres>;
