using System.Text.Json.Nodes;
using Countersign.Providers.Sandbox;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>Every test user of verify, in every flow type, reaches the result that the table of test users promises.</summary>
public abstract class SandboxOutcomeTests(ServerFixture fixture)
{
    private const string Verify = "verified_users";

    private static readonly TestUsers _users = TestUsers.Load();

    private TestServer Server => fixture.Server;

    public static TheoryData<string, string> VerifyUsers =>
        [.. _users.All.Where(user => user.Product == Verify)
            .SelectMany(_ => (string[])["desktop", "mobile", "none"], (user, type) => (user.Number, type))];

    public static TheoryData<string, string> OtherUsers =>
        [.. _users.All.Where(user => user.Product != Verify).Select(user => (user.Number, user.Product))];

    [Theory]
    [MemberData(nameof(VerifyUsers))]
    public async Task A_test_user_reaches_the_result_that_is_promised(string number, string type)
    {
        var user = _users.All.Single(u => u.Number == number);
        var promised = user.Expected?.GetValueOrDefault(type)
            ?? new ExpectedResult("true", type == "none" ? "not_applicable" : "success", "success");

        var flow = await Server.BeginAsync(type, number, new JsonObject { ["firstName"] = user.Given, ["lastName"] = user.Family });
        var atOnce = flow.Reply.Outcome;
        await GoAsync(user, type, flow);

        var status = await Server.StatusAsync(flow.Id);
        Assert.Equal($"{promised.Success} {promised.PossessionResult} {promised.VerifyResult}", status.Outcome);
        Assert.Equal(flow.Id, status.Text("correlationId"));
        Assert.Equal(type == "none" ? status.Outcome : "pending pending pending", atOnce);
        Assert.Equal(type == "none", flow.AuthToken is null);
    }

    [Theory]
    [MemberData(nameof(OtherUsers))]
    public async Task A_test_user_of_another_product_is_refused(string number, string product)
    {
        var reply = await Server.VerifyAsync(TestServer.VerifyBody("mobile", number));

        Assert.Equal(product == TestUser.EveryProduct ? "200" : "403 8009 test user belongs to another product", reply.Fault);
    }

    [Theory]
    [InlineData("2001009002")]
    [InlineData("12001009002")]
    [InlineData("+12001009002")]
    [InlineData("447968900002")]
    [InlineData("+447968900002")]
    [InlineData("447700900901")]
    [InlineData("+447700900901")]
    public async Task A_number_may_be_spelt_in_every_accepted_way(string number)
    {
        Assert.Equal(200, (await Server.VerifyAsync(TestServer.VerifyBody("mobile", number))).Status);
    }

    [Theory]
    [InlineData("2009999999")]
    [InlineData("+2001009002")]
    [InlineData("2001004025")]
    [InlineData("112001009002")]
    [InlineData("0012001009002")]
    [InlineData("7968900002")]
    [InlineData("+17968900002")]
    [InlineData("+")]
    [InlineData("2001999999")]
    [InlineData("2003000000")]
    public async Task A_number_that_nobody_has_is_refused(string number)
    {
        Assert.Equal("400 8007 no test user found matching the phone number",
            (await Server.VerifyAsync(TestServer.VerifyBody("mobile", number))).Fault);
    }

    [Fact]
    public async Task A_plus_is_significant_where_it_is_printed()
    {
        Assert.Equal(8009, (await Server.VerifyAsync(TestServer.VerifyBody("mobile", "+2001004025"))).Code);
        Assert.Equal(8007, (await Server.VerifyAsync(TestServer.VerifyBody("mobile", "2001004025"))).Code);
    }

    [Theory]
    [InlineData("2002000000", "mobile")]
    [InlineData("2002000000", "desktop")]
    [InlineData("+12002999999", "mobile")]
    [InlineData("12002123456", "desktop")]
    [InlineData("2002123456", "none")]
    public async Task A_load_user_has_any_name_and_succeeds_by_code_and_by_link(string number, string type)
    {
        var flow = await Server.BeginAsync(type, number, new JsonObject { ["firstName"] = "Whoever", ["lastName"] = "Itis" });

        await GoAsync(TestUser.Load with { Number = number }, type, flow);

        Assert.Equal(type == "none" ? "true not_applicable success" : "true success success", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Theory]
    [InlineData("2001004011", "desktop")]
    [InlineData("2001004011", "mobile")]
    [InlineData("447968900002", "mobile")]
    public async Task A_short_term_user_is_done_before_the_browser_and_its_browser_is_told_so(string number, string type)
    {
        var flow = await Server.BeginAsync(type, number, new JsonObject { ["firstName"] = "Any", ["lastName"] = "Name" });
        var page = Server.Browser(flow.AuthToken!);

        var answer = type == "desktop" ? await page.Post("mobile/instantlink/start") : await page.Post("mobile/instant/start");

        Assert.Equal("true success success", (await Server.StatusAsync(flow.Id)).Outcome);
        Assert.Equal(type == "desktop" ? """{"next":"","data":{}}""" : """{"next":"done"}""", answer.ToJsonString());
        Assert.DoesNotContain(await Server.MessagesAsync(number), message => message.Kind == "link");
    }

    [Theory]
    [InlineData("Jose", "Alvarez", "true success success")]
    [InlineData("JOSE", "ALVAREZ GARCIA", "true success success")]
    [InlineData("José", "Álvarez-García", "true success success")]
    [InlineData("José", "García", "true success success")]
    [InlineData("Juan", "Alvarez", "false success failed")]
    [InlineData("Jose", "Perez", "false success failed")]
    [InlineData("Jose", "Alva", "false success failed")]
    [InlineData("J", "Alvarez", "false success failed")]
    [InlineData("Jose", "-", "false success failed")]
    [InlineData("Jos\ufffee", "Alvarez", "true success success")]
    public async Task Only_the_user_of_name_variants_has_a_name_that_counts(string given, string family, string expected)
    {
        var flow = await Server.BeginAsync("mobile", "2001009007", new JsonObject { ["firstName"] = given, ["lastName"] = family });

        await ProveByCodeAsync(flow, "2001009007");

        Assert.Equal(expected, (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Theory]
    [InlineData("2001004012", """{"identification":{"result":"fail","failureReasons":{"9014":"name mismatch"}}}""")]
    [InlineData("2001004013", """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""")]
    [InlineData("2001009006", """{"identification":{"result":"fail","failureReasons":{"9900":"identity source not available"}}}""")]
    [InlineData("2001009008", """{"risk":{"result":"fail","failureReasons":{"9135":"SIM changed within the last 24 hours"}}}""")]
    [InlineData(
        "2001009005",
        """{"authentication":{"result":"fail","failureReasons":{"9100":"possession check incomplete","9914":"text refused or not """
            + """delivered"}}}""")]
    [InlineData("2001009002", null)]
    public async Task The_evaluation_says_why(string number, string? expected)
    {
        var flow = await Server.BeginAsync("mobile", number);
        var before = (await Server.StatusAsync(flow.Id)).Json!["evaluation"];

        await GoAsync(_users.All.Single(user => user.Number == number), "mobile", flow);

        Assert.Null(before);
        Assert.Equal(expected, (await Server.StatusAsync(flow.Id)).Json!["evaluation"]?.ToJsonString());
    }

    [Fact]
    public async Task A_source_that_is_down_is_told_without_a_possession_check_too()
    {
        var flow = await Server.BeginAsync("none", "2001009006");

        Assert.Equal("false not_applicable failed", flow.Reply.Outcome);
        Assert.Equal("""{"identification":{"result":"fail","failureReasons":{"9900":"identity source not available"}}}""",
            flow.Reply.Json!["evaluation"]?.ToJsonString());
    }

    /// <summary>What this person does: as the scenario says, and else the right thing.</summary>
    private async Task GoAsync(TestUser user, string type, Begun flow)
    {
        if (type == "none" || user.ProvesItself)
        {
            return;
        }
        if (type == "mobile")
        {
            await ProveByCodeAsync(flow, user.Number, readsTexts: user.Role != Roles.TextUndelivered);
            return;
        }

        var page = Server.Browser(flow.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");
        switch (user.Role)
        {
            case Roles.TextUndelivered:
                await Server.AdvanceAsync(TimeSpan.FromMinutes(3));
                break;
            case Roles.TextRefused or Roles.LinkDeclined:
                break;
            default:
                await Server.ConfirmLinkAsync((await Server.LastMessageAsync(user.Number)).Link!);
                break;
        }
        Assert.StartsWith("""{"next":"done""", await socket.ReceiveAsync(), StringComparison.Ordinal);
    }

    private async Task ProveByCodeAsync(Begun flow, string number, bool readsTexts = true)
    {
        var page = Server.Browser(flow.AuthToken!);
        var next = await page.Post("mobile/instant/start");
        if ((string?)next["data"]?["redirectUrl"] is { } address)
        {
            next = await page.Post("mobile/instant/finish", $$"""{"vfp":"{{address.Split("testVfp=")[1]}}"}""");
        }
        if ((string?)next["next"] == "done")
        {
            return;
        }

        Assert.Equal("mobile/otp", (string?)next["next"]);
        var sent = await page.Post("mobile/otp/start");
        if ((string?)sent["next"] == "done")
        {
            return;
        }
        if (readsTexts)
        {
            await page.Enter((await Server.LastMessageAsync(number)).Code!);
        }
        else
        {
            await Server.AdvanceAsync(TimeSpan.FromMinutes(2));
        }
    }
}

public sealed class SandboxOutcomesOnSqlite(OnSqlite fixture) : SandboxOutcomeTests(fixture), IClassFixture<OnSqlite>;

public sealed class SandboxOutcomesOnPostgres(OnPostgres fixture) : SandboxOutcomeTests(fixture), IClassFixture<OnPostgres>;
