using System.Globalization;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>One code tried on each of many lines: of each line it is one wrong entry, and nobody's limit of a line.</summary>
public abstract class WrongCodeTests(ServerFixture fixture)
{
    private const string NoEntryLeft = """{"next":"done","error":{"code":10005,"message":"no entry is left"}}""";

    [Fact]
    [Trait("attack", "S04")]
    public async Task Of_one_code_on_many_lines_no_more_are_told_than_a_projects_hour_has()
    {
        await using var server = await StartAsync(LimitMode.Enforce);
        await using var otherNode = await server.StartSecondNodeAsync();
        var (shop, bank) = (await server.AddProjectAsync("shop"), await server.AddProjectAsync("bank"));
        var flows = new List<Begun>();
        for (var line = 0; line < 20; line++)
        {
            flows.Add(await BeginAsync(server, shop, line));
        }
        var right = await BeginAsync(server, shop, line: 20);
        var code = server.Gateway.Submissions[^1].Text.Proof.Reveal();

        await Task.WhenAll(flows.Select((flow, n) =>
            (n % 2 == 0 ? server : otherNode).Browser(flow.AuthToken!).SendAsync("mobile/otp/finish", """{"otp":"999999"}""")));
        var answer = await server.Browser(right.AuthToken!).Enter(code);

        Assert.Equal(NoEntryLeft, answer.ToJsonString());
        var facts = new List<FlowEvent>();
        foreach (var flow in flows)
        {
            facts.AddRange(await FactsAsync(server, flow));
        }
        Assert.InRange(facts.Count(fact => fact.Reason == FlowReason.WrongEntries), 1, 5);
        // Rules about texts, in shadow, see twenty prefixes and one address.
        Assert.All(facts.Where(fact => fact.Limit is { IsShadow: false }), fact =>
            Assert.Equal((LimitRule.EntriesOfProject, 5L, 3600L), (fact.Limit!.Rule, fact.Limit.Max, fact.Limit.Seconds)));

        await server.RestartAsync();
        var refused = await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(30)), shop);
        Assert.Equal("429 8429 too many requests: the limit 'entries.project' is reached for this phone number", refused.Fault);
        // A link is no entry, and another project none of this one's.
        Assert.Equal("200", (await server.VerifyAsync(TestServer.VerifyBody("desktop", Number(31)), shop)).Fault);
        Assert.Equal("200", (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(31)), bank)).Fault);
        await server.AdvanceAsync(TimeSpan.FromHours(1.2));
        Assert.Equal("200", (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(32)), shop)).Fault);
    }

    [Fact]
    [Trait("attack", "S04")]
    public async Task In_shadow_it_is_told_to_who_runs_the_server_and_nothing_is_refused()
    {
        await using var server = await StartAsync(mode: null);
        var shop = await server.AddProjectAsync("shop");
        Begun last = null!;
        for (var line = 0; line < 6; line++)
        {
            last = await BeginAsync(server, shop, line);
            await server.Browser(last.AuthToken!).Enter("999999");
        }
        var right = await BeginAsync(server, shop, line: 20);
        var answer = await server.Browser(right.AuthToken!).Enter(server.Gateway.Submissions[^1].Text.Proof.Reveal());

        Assert.Equal("""{"next":"done"}""", answer.ToJsonString());
        var told = Assert.Single(await FactsAsync(server, last), fact => fact.Limit?.Rule == LimitRule.EntriesOfProject).Limit!;
        Assert.Equal((5, true), (told.Count, told.IsShadow));
        Assert.Contains(server.Logs.All, line => line.Text.Contains("entries.project", StringComparison.Ordinal));
    }

    // Neither neighbours nor of one country's block: no limit of texts is in the way.
    private static string Number(int line) => string.Create(CultureInfo.InvariantCulture, $"+4474{line:00}123456");

    private Task<TestServer> StartAsync(LimitMode? mode) => fixture.StartAsync(
        new Dictionary<string, string?>(TestServer.Live)
        {
            ["Countersign:Budget:WrongCodesPerProject"] = "5",
            ["Countersign:Budget:WrongCodes"] = mode?.ToString(),
        });

    private static async Task<Begun> BeginAsync(TestServer server, Credentials client, int line)
    {
        var flow = await server.BeginAsync("mobile", Number(line), credentials: client);
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

public sealed class WrongCodeTestsOnSqlite(OnSqlite fixture) : WrongCodeTests(fixture), IClassFixture<OnSqlite>;

public sealed class WrongCodeTestsOnPostgres(OnPostgres fixture) : WrongCodeTests(fixture), IClassFixture<OnPostgres>;
