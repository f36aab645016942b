using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>What texts cost is counted over projects, nodes and restarts, and no cap is passed.</summary>
public abstract class CapTests(ServerFixture fixture) : IDisposable
{
    private const string Number = "+12025550142";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
    }

    [Fact]
    public async Task Without_room_no_flow_begins_that_only_a_text_could_prove()
    {
        await using var server = await StartAsync(perDay: "0.02");
        var client = await server.AddProjectAsync("shop");
        await SendAsync(server, client);
        await SendAsync(server, client);

        var refused = await server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client);

        Assert.Equal("429 8429 too many requests: the cap 'cap.server.day' on what texts may cost is reached", refused.Fault);
        var left = CapWindows.EndOf(CapWindow.Day, Now(server)) - Now(server);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, null), left.TotalSeconds - 5, left.TotalSeconds + 5);
        Assert.Contains(server.Logs.All, line => line.Text.Contains(
            "A call of project shop was refused: cap cap.server.day is reached (0.02 of 0.02 USD a day spent, the text would cost 0.01) "
                + "until",
            StringComparison.Ordinal));
        // What needs no text begins.
        Assert.Equal(200, (await server.VerifyAsync(TestServer.VerifyBody("none", Number), client)).Status);

        await server.RestartAsync();
        Assert.Equal(429, (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client)).Status);
        await server.AdvanceAsync(left + TimeSpan.FromSeconds(1));
        await SendAsync(server, client);
        Assert.Equal(3, server.Gateway.Submissions.Count);
    }

    [Fact]
    public async Task A_first_text_without_room_ends_its_flow_and_a_repeated_one_is_answered_as_done()
    {
        await using var server = await StartAsync(perDay: "0.01");
        var client = await server.AddProjectAsync("shop");
        var (other, otherPage) = await BeginAsync(server, client);
        var (_, page) = await BeginAsync(server, client);
        await page.Post("mobile/otp/start");

        var first = await otherPage.Post("mobile/otp/start");
        await server.AdvanceAsync(TimeSpan.FromSeconds(31));
        var again = await page.Post("mobile/otp/start");

        Assert.Equal("""{"next":"done","error":{"code":10005,"message":"no entry is left"}}""", first.ToJsonString());
        Assert.Equal("""{"next":""}""", again.ToJsonString());
        Assert.Single(server.Gateway.Submissions);
        var status = await server.StatusAsync(other, client);
        Assert.Equal(
            "a limit or a cap stood in the way", (string?)status.Json!["evaluation"]!["authentication"]!["failureReasons"]!["9916"]);
        var fact = Assert.Single(await FactsAsync(server, other), fact => fact.Code == FlowEventCode.CapReached);
        Assert.Equal(
            new CapEvidence("cap.server.day", 0.01m, 0.01m, 0.01m, "USD", "day", CapWindows.EndOf(CapWindow.Day, Now(server))), fact.Cap);
    }

    [Fact]
    public async Task Of_many_texts_at_once_on_two_nodes_as_many_are_sent_as_there_is_room_for()
    {
        await using var server = await StartAsync(perDay: "0.10");
        await using var otherNode = await server.StartSecondNodeAsync();
        Credentials[] clients = [await server.AddProjectAsync("shop"), await server.AddProjectAsync("bank")];
        var pages = new List<Page>();
        for (var i = 0; i < 30; i++)
        {
            var (_, page) = await BeginAsync(i % 2 == 0 ? server : otherNode, clients[i % 2], $"+120255501{i:00}");
            pages.Add(page);
        }

        var answers = await Task.WhenAll(pages.Select(page => page.SendAsync("mobile/otp/start")));

        Assert.Equal(10, server.Gateway.Submissions.Concat(otherNode.Gateway.Submissions).DistinctBy(sent => sent.Text.Id).Count());
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var spending = server.Services.GetRequiredService<ISpendingStore>();
        var spent = await spending.ListAsync(Now(server), Test);
        Assert.Equal(0.10m, spent.Single(one => one.Owner == SpendingOwner.Server).InMonth);
        Assert.Equal(0.10m, spent.Where(one => one.Owner != SpendingOwner.Server).Sum(one => one.InMonth));
        // Once over both nodes.
        var told = server.Logs.All.Concat(otherNode.Logs.All).Where(line => line.Event.Id is 1510 or 1511).ToList();
        Assert.Single(told, line => line.Event.Id == 1511);
        Assert.InRange(told.Count, 1, 3);
    }

    [Fact]
    public async Task A_project_has_caps_of_its_own_which_the_admin_api_sets_and_shows()
    {
        await using var server = await StartAsync(perDay: null);
        var (shop, bank) = (await server.AddProjectAsync("shop"), await server.AddProjectAsync("bank"));
        var changed = await server.AdminAsync(
            HttpMethod.Patch, "/admin/projects/shop", """{"caps":{"perDay":0.01,"perMonth":0.5,"currency":"USD"}}""");
        Assert.Equal("""{"perDay":0.01,"perMonth":0.5,"currency":"USD"}""", changed.Json!["caps"]!.ToJsonString());
        await SendAsync(server, shop);
        await SendAsync(server, bank);
        await SendAsync(server, bank);

        Assert.Equal(429, (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number), shop)).Status);
        var shown = (await server.AdminAsync(HttpMethod.Get, "/admin/caps")).Json!;
        Assert.Equal("USD", (string?)shown["currency"]);
        Assert.Equal(
            ["shop day 0.01 of 0.01, spent: true", "shop month 0.01 of 0.5, spent: false"],
            shown["spending"]!.AsArray().Select(one =>
                $"{one!["project"]} {one["window"]} {one["spent"]} of {one["cap"]}, spent: {one["isSpent"]}"));

        var lifted = await server.AdminAsync(HttpMethod.Patch, "/admin/projects/shop", """{"caps":null}""");
        Assert.Null(lifted.Json!["caps"]);
        await SendAsync(server, shop);
    }

    [Theory]
    [InlineData("""{"caps":{"perDay":1,"currency":"EUR"}}""",
        "400 8001 field 'caps' is invalid: must be in the currency of the prices of Countersign:Prices, USD")]
    [InlineData("""{"caps":{"currency":"USD"}}""", "400 8001 field 'caps' is invalid: must have an amount a day or a month, or both")]
    [InlineData("""{"caps":{"perDay":1}}""", "400 8001 field 'caps.currency' is missing")]
    [InlineData("""{"caps":{"perDay":"1","currency":"USD"}}""", "400 8001 field 'caps.perDay' is invalid: must be a number")]
    [InlineData("""{"caps":{"day":1,"currency":"USD"}}""",
        "400 8001 field 'caps.day' is invalid: this call has no such member; it has: perDay, perMonth, currency")]
    [InlineData("""{"caps":5}""", "400 8001 field 'caps' is invalid: must be an object")]
    public async Task Caps_that_cannot_be_kept_are_refused(string body, string fault)
    {
        await using var server = await StartAsync(perDay: null);
        await server.AddProjectAsync("shop");

        Assert.Equal(fault, (await server.AdminAsync(HttpMethod.Patch, "/admin/projects/shop", body)).Fault);
    }

    [Fact]
    public async Task Caps_without_prices_any_more_hold_every_text_back_and_are_told_at_each_start()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var client = await server.AddProjectAsync("shop", new ProjectSettings { Caps = new Caps(1, null, "USD") });
        await server.RestartAsync();

        var refused = await server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client);

        Assert.Equal(
            "429 8429 too many requests: no text is sent ('cap.unpriced'): there is a cap on what texts may cost, and the server has no "
                + "price to hold them to it; its operator must set one",
            refused.Fault);
        // There is no moment from which on it would be otherwise.
        Assert.Null(refused.Header("Retry-After"));
        Assert.Contains(
            server.Logs.All,
            line => line.Event.Id == 1107 && line.Fields.Any(field => field is { Key: "rule", Value: CapRule.Unpriced }));
        Assert.Equal(["test"], (await server.AdminAsync(HttpMethod.Get, "/admin/caps")).Json!["unpriced"]!.AsArray()
            .Select(gateway => (string?)gateway));
        Assert.Contains(server.Logs.All, line => line.Event.Id == 1513 && line.Text.Contains("shop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flow_whose_text_nobody_knows_the_price_of_says_so_and_not_that_a_cap_is_reached()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var client = await server.AddProjectAsync("shop");
        var flow = await server.BeginAsync("mobile", Number, credentials: client);
        await server.AddProjectAsync("shop", new ProjectSettings { Caps = new Caps(1, null, "USD") });
        await server.RestartAsync();
        var page = server.Browser(flow.AuthToken!);

        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");

        var fact = Assert.Single(
            await FactsAsync(server, flow.Id), fact => fact.Code!.StartsWith("cap.", StringComparison.Ordinal));
        Assert.Equal((FlowEventCode.CapUnpriced, "test", null), (fact.Code, fact.Gateway?.ToString(), fact.Cap));
        Assert.Contains(
            server.Logs.All,
            line => line.Event.Id == 1115 && line.Text.Contains("no price of the gateway test", StringComparison.Ordinal));
        Assert.Empty(server.Gateway.Submissions);
    }

    [Fact]
    public async Task A_sum_is_shown_while_it_is_counted_and_goes_on_in_its_window_when_a_cap_is_set_anew()
    {
        await using var server = await StartAsync(perDay: null);
        var client = await server.AddProjectAsync("shop");
        await SetAsync("""{"perDay":0.03,"currency":"USD"}""");
        await SendAsync(server, client);

        await SetAsync("null");
        await SendAsync(server, client);
        var without = (await server.AdminAsync(HttpMethod.Get, "/admin/caps")).Json!;
        await SetAsync("""{"perDay":0.02,"currency":"USD"}""");
        var anew = (await server.AdminAsync(HttpMethod.Get, "/admin/caps")).Json!;
        await SendAsync(server, client);

        Assert.Empty(without["spending"]!.AsArray());
        Assert.Equal("0.01 0.02", $"{anew["spending"]![0]!["spent"]} {anew["spending"]![0]!["cap"]}");
        Assert.Equal(429, (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number), client)).Status);

        Task<Reply> SetAsync(string caps) => server.AdminAsync(HttpMethod.Patch, "/admin/projects/shop", $$"""{"caps":{{caps}}}""");
    }

    [Theory]
    [InlineData("other,US,0.01,USD", "USD", "Countersign:Prices has prices of other, which is not configured. Known gateways: test.")]
    [InlineData("test,US,0.01,USD\ntest,DE,0.02,EUR", "USD", "line 3, column 4 (currency): is EUR, and line 2 has USD")]
    [InlineData("test,US,0.01,USD", "EUR", "Countersign:Caps must be in the currency of the prices of Countersign:Prices, USD.")]
    [InlineData(null, "USD", "Countersign:Caps need prices: name a price list in Countersign:Prices.")]
    public async Task Prices_and_caps_that_do_not_fit_end_the_start(string? prices, string? currency, string problem)
    {
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync("1", currency, prices));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset Now(TestServer server) => server.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    private async Task<TestServer> StartAsync(string? perDay, string? currency = "USD", string? prices = "test,US,0.01,USD")
    {
        var file = _folder.File("prices.csv");
        await File.WriteAllTextAsync(file, $"gateway,country,price,currency\n{prices}\n", Test);
        return await fixture.StartAsync(new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Prices"] = prices is null ? null : file,
            ["Countersign:Caps:PerDay"] = perDay,
            ["Countersign:Caps:Currency"] = perDay is null ? null : currency,
        });
    }

    private static async Task SendAsync(TestServer server, Credentials client)
    {
        var (_, page) = await BeginAsync(server, client);
        await page.Post("mobile/otp/start");
    }

    private static async Task<(string Flow, Page Page)> BeginAsync(TestServer server, Credentials client, string number = Number)
    {
        var flow = await server.BeginAsync("mobile", number, credentials: client);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        return (flow.Id, page);
    }

    private static async Task<IReadOnlyList<FlowEvent>> FactsAsync(TestServer server, string flow) =>
        (await server.Services.GetRequiredService<IFlowStore>().FindAsync(CorrelationId.Parse(flow), Test))!.Timeline;
}

public sealed class CapsOnSqlite(OnSqlite fixture) : CapTests(fixture), IClassFixture<OnSqlite>;

public sealed class CapsOnPostgres(OnPostgres fixture) : CapTests(fixture), IClassFixture<OnPostgres>;
