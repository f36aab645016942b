using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Pumping;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>Texts that look like pumping, from the call to the administrator's list.</summary>
public abstract class PumpingTests(ServerFixture fixture)
{
    private const string Held = "429 8429 too many requests: the limit 'pumping.sequence' is reached for this phone number";
    private const string NoText = "+447400123459";

    [Fact]
    [Trait("attack", "F01")]
    public async Task A_sequence_of_numbers_is_held_listed_and_let_go_again()
    {
        await using var server = await StartAsync("Enforce");
        var client = await server.AddProjectAsync("shop");
        var first = await BeginAsync(server, client, 0);
        for (var i = 1; i < 4; i++)
        {
            await BeginAsync(server, client, i);
        }
        Assert.Equal(4, server.Gateway.Submissions.Count);

        var fifth = await BeginAsync(server, client, 4);

        Assert.Equal(4, server.Gateway.Submissions.Count);
        var status = await server.StatusAsync(fifth.Id, client);
        Assert.Equal("false failed failed", status.Outcome);
        Assert.NotNull(status.Json!["evaluation"]!["authentication"]!["failureReasons"]!["9916"]);
        var fact = Assert.Single(await FactsAsync(server, fifth), fact => fact.Code == FlowEventCode.BudgetSpent);
        Assert.Equal((PumpingRule.Sequence, 5, 4, 600, false), (
            fact.Limit!.Rule, fact.Limit.Count, fact.Limit.Max, fact.Limit.Seconds, fact.Limit.IsShadow));

        // A page that has its text is answered as if another had gone out, and its code is good.
        await server.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal("""{"next":""}""", (await server.Browser(first.AuthToken!).Post("mobile/otp/start")).ToJsonString());
        Assert.Equal(4, server.Gateway.Submissions.Count);
        var code = server.Gateway.Submissions[0].Text.Proof.Reveal();
        Assert.Equal("""{"next":"done"}""", (await server.Browser(first.AuthToken!).Enter(code)).ToJsonString());

        // It holds for other numbers of the prefix, before a flow begins, and after a restart.
        Assert.Equal(Held, (await VerifyAsync(server, client)).Fault);
        await server.RestartAsync();
        var refused = await VerifyAsync(server, client);
        Assert.Equal(Held, refused.Fault);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 3500, 3570);

        var listed = await server.AdminAsync(HttpMethod.Post, "/admin/abuse/list");
        var entry = Assert.Single(listed.Json!["entries"]!.AsArray())!;
        Assert.Equal(
            """
            held prefix +44740012**** true pumping.sequence 5 4 600 enforce
            """,
            string.Join(' ', new[] { "verdict", "target", "label", "isPresent", "rule", "count", "max", "seconds", "mode" }
                .Select(member => $"{entry[member]}")));

        var allowed = await SayAsync(server, "allow", new JsonObject { ["prefix"] = "+44740012" });
        Assert.Equal("allowed +44740012*", $"{allowed.Json!["verdict"]} {allowed.Json!["label"]}");
        var sent = server.Gateway.Submissions.Count;
        await BeginAsync(server, client, 9);
        Assert.Equal(sent + 1, server.Gateway.Submissions.Count);
    }

    [Fact]
    public async Task In_Live_rules_begin_in_shadow_and_a_denial_is_obeyed()
    {
        await using var server = await StartAsync(sequence: null);
        var client = await server.AddProjectAsync("shop");
        Begun last = null!;
        for (var i = 0; i < 5; i++)
        {
            last = await BeginAsync(server, client, i);
        }

        Assert.Equal(5, server.Gateway.Submissions.Count);
        var fact = Assert.Single(await FactsAsync(server, last), fact => fact.Code == FlowEventCode.BudgetSpent);
        Assert.True(fact.Limit is { Rule: PumpingRule.Sequence, IsShadow: true });
        Assert.Equal("200", (await VerifyAsync(server, client)).Fault);

        await SayAsync(server, "deny", new JsonObject { ["country"] = "GB", ["hours"] = 2 });
        Assert.Equal(
            "429 8429 too many requests: the limit 'pumping.denied' is reached for this phone number",
            (await VerifyAsync(server, client)).Fault);
        var denied = await BudgetAsync(server, "show");
        Assert.Equal(
            (PumpingRule.Denied, PumpingRule.Denied),
            ((string?)denied["held"]!["rule"], (string?)(await BudgetAsync(server, "lift"))["held"]!["rule"]));
        Assert.Equal(
            ["denied true enforce", "held false shadow"],
            (await server.AdminAsync(HttpMethod.Post, "/admin/abuse/list")).Json!["entries"]!.AsArray()
                .Select(entry => $"{entry!["verdict"]} {entry["isEnforced"]} {entry["mode"]}").Order(StringComparer.Ordinal));
        await SayAsync(server, "allow", new JsonObject { ["phoneNumber"] = "+44 7400 123459" });
        Assert.Null((await BudgetAsync(server, "show"))["held"]);
        Assert.Equal("200", (await VerifyAsync(server, client)).Fault);
        await SayAsync(server, "deny", new JsonObject { ["phoneNumber"] = NoText, ["hours"] = 1 });
        Assert.Equal(429, (await VerifyAsync(server, client)).Status);
        await server.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal("200", (await VerifyAsync(server, client)).Fault);
    }

    [Fact]
    [Trait("attack", "F07")]
    public async Task Who_has_passed_a_challenge_is_let_through_once()
    {
        await using var server = await StartAsync("Enforce");
        var client = await server.AddProjectAsync("shop");
        for (var i = 0; i < 5; i++)
        {
            await BeginAsync(server, client, i);
        }

        Assert.Equal(Held, (await VerifyAsync(server, client, Challenge("one", isPassed: false))).Fault);
        var passed = await BeginAsync(server, client, 9, Challenge("one", isPassed: true));
        Assert.Equal(5, server.Gateway.Submissions.Count);
        Assert.Equal(
            "400 8001 field 'challenge.id' is invalid: was named by another call; each challenge counts once",
            (await VerifyAsync(server, client, Challenge("one", isPassed: true))).Fault);
        Assert.NotNull(passed.AuthToken);

        // The same call may come again, and another project's ids are its own.
        var other = await server.AddProjectAsync("bank");
        Assert.Equal("200", (await VerifyAsync(server, other, Challenge("one", isPassed: true))).Fault);
        var body = TestServer.VerifyBody("desktop", NoText, Challenge("two", isPassed: true));
        var begun = await server.VerifyAsync(body, client, idempotencyKey: "key");
        Assert.Equal(begun.Body, (await server.VerifyAsync(body, client, idempotencyKey: "key")).Body);
    }

    [Theory]
    [InlineData("{}", "field 'challenge.id' is missing; field 'challenge.passed' is missing")]
    [InlineData("""{"id":"one","passed":"yes"}""", "field 'challenge.passed' is invalid: must be true or false")]
    [InlineData("\"one\"", "field 'challenge' is invalid: must be an object")]
    public async Task What_is_wrong_with_a_challenge_is_named(string challenge, string message)
    {
        await using var server = await StartAsync("Off");
        var client = await server.AddProjectAsync("shop");

        var reply = await VerifyAsync(server, client, new JsonObject { ["challenge"] = JsonNode.Parse(challenge) });

        Assert.Equal($"400 8001 {message}", reply.Fault);
    }

    [Theory]
    [InlineData("""{}""", "field 'prefix' is missing: it, or another target; name one of prefix, country, address, phoneNumber")]
    [InlineData(
        """{"prefix":"44"}""",
        "field 'prefix' is invalid: must be + and 3 to 11 digits: how numbers begin, at most all but their last four")]
    [InlineData(
        """{"prefix":"+1202555014"}""",
        "field 'prefix' is invalid: must have at most 7 digits: its numbers have 11 at most, and the last four are left out")]
    [InlineData("""{"prefix":"+999123"}""", "field 'prefix' is invalid: begins no number of any country")]
    [InlineData("""{"country":"gb"}""", "field 'country' is invalid: must be two capital letters, as in ISO 3166-1")]
    [InlineData("""{"country":"UK"}""", "field 'country' is invalid: is no country whose numbering plan is known")]
    [InlineData("""{"country":"ZZ"}""", "field 'country' is invalid: is no country whose numbering plan is known")]
    [InlineData(
        """{"prefix":"+440740012"}""",
        "field 'prefix' is invalid: is not how its numbers are kept; write the country code without a trunk zero behind it")]
    [InlineData("""{"address":"1"}""", "field 'address' is invalid: must be an IPv4 or IPv6 address")]
    [InlineData("""{"address":"010.0.0.1"}""", "field 'address' is invalid: must be an IPv4 or IPv6 address")]
    [InlineData("""{"country":"GB","hours":2161}""", "field 'hours' is invalid: must be a whole number of hours from 1 to 2160")]
    [InlineData(
        """{"country":"GB","prefix":"+447400"}""",
        "field 'country' is invalid: stands beside prefix; name one of prefix, country, address, phoneNumber")]
    public async Task What_is_wrong_with_an_administrators_word_is_named(string body, string message)
    {
        await using var server = await StartAsync("Off");

        var (denied, allowed) = (
            await server.AdminAsync(HttpMethod.Post, "/admin/abuse/deny", body),
            await server.AdminAsync(HttpMethod.Post, "/admin/abuse/allow", body));

        Assert.Equal($"400 8001 {message}", denied.Fault);
        Assert.Equal($"400 8001 {message}", allowed.Fault);
    }

    [Fact]
    public async Task A_prefix_is_any_beginning_of_numbers_and_the_longest_counts()
    {
        await using var server = await StartAsync(sequence: null);
        var client = await server.AddProjectAsync("shop");

        var denied = await SayAsync(server, "deny", new JsonObject { ["prefix"] = "+4474" });
        var whileDenied = await VerifyAsync(server, client);
        await SayAsync(server, "allow", new JsonObject { ["prefix"] = "+447400" });
        var whileAllowed = await VerifyAsync(server, client);
        await SayAsync(server, "deny", new JsonObject { ["prefix"] = "+4474001" });

        Assert.Equal("denied +4474*", $"{denied.Json!["verdict"]} {denied.Json!["label"]}");
        Assert.Equal((429, 200), (whileDenied.Status, whileAllowed.Status));
        Assert.Equal(
            "429 8429 too many requests: the limit 'pumping.denied' is reached for this phone number",
            (await VerifyAsync(server, client)).Fault);
    }

    [Fact]
    public async Task Nodes_hold_together()
    {
        await using var server = await StartAsync("Enforce");
        await using var otherNode = await server.StartSecondNodeAsync();
        var client = await server.AddProjectAsync("shop");
        for (var i = 0; i < 4; i++)
        {
            await BeginAsync(server, client, i);
        }
        await server.Services.GetRequiredService<PumpingTraffic>().FlushAsync(TestContext.Current.CancellationToken);

        await BeginAsync(otherNode, client, 4);

        Assert.Empty(otherNode.Gateway.Submissions);
        Assert.Equal(Held, (await VerifyAsync(server, client)).Fault);
    }

    private static Task<Reply> SayAsync(TestServer server, string word, JsonObject body) =>
        server.AdminAsync(HttpMethod.Post, $"/admin/abuse/{word}", body.ToJsonString());

    private static async Task<JsonNode> BudgetAsync(TestServer server, string what) =>
        (await server.AdminAsync(HttpMethod.Post, $"/admin/budget/{what}", $$"""{"phoneNumber":"{{NoText}}"}""")).Json!;

    private static JsonObject Challenge(string id, bool isPassed) =>
        new() { ["challenge"] = new JsonObject { ["id"] = id, ["passed"] = isPassed } };

    private Task<TestServer> StartAsync(string? sequence) => fixture.StartAsync(
        new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Pumping:Sequence"] = sequence });

    private static Task<Reply> VerifyAsync(TestServer server, Credentials client, JsonObject? more = null) =>
        server.VerifyAsync(TestServer.VerifyBody("desktop", NoText, more), client);

    private static async Task<Begun> BeginAsync(TestServer server, Credentials client, int number, JsonObject? more = null)
    {
        var flow = await server.BeginAsync("mobile", $"+44740012345{number}", more, client);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        return flow;
    }

    private static async Task<IReadOnlyList<FlowEvent>> FactsAsync(TestServer server, Begun begun)
    {
        var store = server.Services.GetRequiredService<IFlowStore>();
        return (await store.FindAsync(CorrelationId.Parse(begun.Id), TestContext.Current.CancellationToken))!.Timeline;
    }
}

public sealed class PumpingTestsOnSqlite(OnSqlite fixture) : PumpingTests(fixture), IClassFixture<OnSqlite>;

public sealed class PumpingTestsOnPostgres(OnPostgres fixture) : PumpingTests(fixture), IClassFixture<OnPostgres>;
