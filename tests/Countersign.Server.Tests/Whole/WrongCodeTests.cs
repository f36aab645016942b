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
    public async Task Of_one_code_on_many_lines_a_projects_hour_is_compared_and_then_not_even_the_right_one()
    {
        await using var server = await StartAsync(LimitMode.Enforce);
        await using var otherNode = await server.StartSecondNodeAsync();
        var (shop, bank) = (await server.AddProjectAsync("shop"), await server.AddProjectAsync("bank"));
        var flows = new List<Begun>();
        for (var line = 0; line < 10; line++)
        {
            flows.Add(await BeginAsync(server, shop, line));
        }
        var right = await BeginAsync(server, shop, line: 20);
        var code = server.Gateway.Submissions[^1].Text.Proof.Reveal();

        for (var n = 0; n < flows.Count; n++)
        {
            await (n % 2 == 0 ? server : otherNode).Browser(flows[n].AuthToken!).Enter("999999");
            // What a node was told of the room that is left holds for a second.
            await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        var answers = new[]
        {
            await server.Browser(right.AuthToken!).Enter(code),
            await otherNode.Browser((await BeginAsync(server, bank, line: 21)).AuthToken!).Enter("999999"),
        };

        Assert.Equal(NoEntryLeft, answers[0].ToJsonString());
        Assert.NotEqual(NoEntryLeft, answers[1].ToJsonString());
        var facts = new List<FlowEvent>();
        foreach (var flow in flows)
        {
            facts.AddRange(await FactsAsync(server, flow));
        }
        Assert.Equal(5, facts.Count(fact => fact.Reason == FlowReason.WrongEntries));
        // Rules about texts, in shadow, see many prefixes and one address.
        var spent = facts.Where(fact => fact.Limit is { IsShadow: false }).Select(fact => fact.Limit!).ToList();
        Assert.Equal(5, spent.Count);
        Assert.All(spent, limit => Assert.Equal(
            (LimitRule.EntriesOfProject, 5L, 5L, 3600L), (limit.Rule, limit.Count, limit.Max, limit.Seconds)));

        await server.RestartAsync();
        var refused = await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(30)), shop);
        Assert.Equal("429 8429 too many requests: the limit 'entries.project' is reached", refused.Fault);
        // A link is no entry, and another project none of this one's.
        Assert.Equal("200", (await server.VerifyAsync(TestServer.VerifyBody("desktop", Number(31)), shop)).Fault);
        Assert.Equal("200", (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(31)), bank)).Fault);
        await server.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal("200", (await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(32)), shop)).Fault);
    }

    [Fact]
    [Trait("attack", "S04")]
    public async Task In_shadow_who_runs_the_server_is_told_once_and_nothing_is_refused()
    {
        await using var server = await StartAsync(mode: null);
        var shop = await server.AddProjectAsync("shop");
        for (var line = 0; line < 8; line++)
        {
            await server.Browser((await BeginAsync(server, shop, line)).AuthToken!).Enter("999999");
        }
        var right = await BeginAsync(server, shop, line: 20);
        var answer = await server.Browser(right.AuthToken!).Enter(server.Gateway.Submissions[^1].Text.Proof.Reveal());

        Assert.Equal("""{"next":"done"}""", answer.ToJsonString());
        var told = Assert.Single(server.Logs.All, line => line.Event.Id == 1116);
        Assert.Equal("Somebody may be guessing codes of project shop (Shadow): 5 of 5 wrong ones in an hour", told.Text);
        Assert.Contains(told.Fields, field => Equals(field.Value, LimitRule.EntriesOfProject));
        Assert.DoesNotContain(await FactsAsync(server, right), fact => fact.Limit?.Rule == LimitRule.EntriesOfProject);
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
