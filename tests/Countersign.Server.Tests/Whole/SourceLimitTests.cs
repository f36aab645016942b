using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>How many texts may go to a block of numbers and to a country, whoever asks for them.</summary>
public abstract class SourceLimitTests(ServerFixture fixture)
{
    /// <summary>A rule, and the setting that it has below <c>TextLimits</c>.</summary>
    public static TheoryData<string, string> Rules => new()
    {
        { LimitRule.TextsOfPrefix, "Prefix" },
        { LimitRule.TextsOfCountry, "Country" },
    };

    [Theory]
    [Trait("attack", "S04")]
    [MemberData(nameof(Rules))]
    public async Task What_is_too_much_is_refused_with_its_rule_after_a_restart_too_and_until_the_hour_is_over(string rule, string setting)
    {
        await using var server = await StartAsync(setting, LimitMode.Enforce);
        var (shop, bank) = (await server.AddProjectAsync("shop"), await server.AddProjectAsync("bank"));
        var waiting = await server.BeginAsync("mobile", Number(9), credentials: shop);
        await SendAsync(server, await server.BeginAsync("mobile", Number(0), credentials: shop));
        await SendAsync(server, await server.BeginAsync("mobile", Number(1), credentials: bank));
        Assert.Equal(2, server.Gateway.Submissions.Count);

        await SendAsync(server, waiting);

        Assert.Equal(2, server.Gateway.Submissions.Count);
        Assert.NotNull((await server.StatusAsync(waiting.Id, shop)).Json!["evaluation"]!["authentication"]!["failureReasons"]!["9916"]);
        var told = Assert.Single(await FactsAsync(server, waiting), fact => fact.Code == FlowEventCode.BudgetSpent).Limit!;
        Assert.Equal((rule, 2, 2, 3600, false), (told.Rule, told.Count, told.Max, told.Seconds, told.IsShadow));
        var line = Assert.Single(server.Logs.All, line => line.Event.Id == 1115);
        Assert.Contains($"limit {rule} is reached (2 of 2 in 60 min)", line.Text, StringComparison.Ordinal);
        Assert.Contains(line.Fields, field => Equals(field.Value, rule));
        Assert.Contains(line.Fields, field => Equals(field.Value, FlowEventCode.BudgetSpent));

        await server.RestartAsync();
        var refused = await server.VerifyAsync(TestServer.VerifyBody("mobile", Number(2)), bank);
        Assert.Equal($"429 8429 too many requests: the limit '{rule}' is reached for this phone number", refused.Fault);
        Assert.Equal("3600", refused.Header("Retry-After"));
        await SendAsync(server, await server.BeginAsync("mobile", "+12025550142", credentials: bank));
        Assert.Equal(3, server.Gateway.Submissions.Count);

        await server.AdvanceAsync(TimeSpan.FromHours(1));
        await SendAsync(server, await server.BeginAsync("mobile", Number(2), credentials: bank));
        Assert.Equal(4, server.Gateway.Submissions.Count);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task In_shadow_it_is_told_and_nothing_refused(string rule, string setting)
    {
        await using var server = await StartAsync(setting, mode: null);
        var shop = await server.AddProjectAsync("shop");
        Begun last = null!;
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(server, last = await server.BeginAsync("mobile", Number(i), credentials: shop));
        }

        Assert.Equal(3, server.Gateway.Submissions.Count);
        var told = Assert.Single(await FactsAsync(server, last), fact => fact.Code == FlowEventCode.BudgetSpent).Limit!;
        Assert.Equal((rule, true), (told.Rule, told.IsShadow));
    }

    private static string Number(int last) => $"+44740012345{last}";

    private Task<TestServer> StartAsync(string setting, LimitMode? mode) => fixture.StartAsync(
        new Dictionary<string, string?>(TestServer.Live)
        {
            [$"Countersign:TextLimits:Per{setting}"] = "2",
            [$"Countersign:TextLimits:{setting}"] = mode?.ToString(),
        });

    private static async Task SendAsync(TestServer server, Begun flow)
    {
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
    }

    private static async Task<IReadOnlyList<FlowEvent>> FactsAsync(TestServer server, Begun begun)
    {
        var store = server.Services.GetRequiredService<IFlowStore>();
        return (await store.FindAsync(CorrelationId.Parse(begun.Id), TestContext.Current.CancellationToken))!.Timeline;
    }
}

public sealed class SourceLimitTestsOnSqlite(OnSqlite fixture) : SourceLimitTests(fixture), IClassFixture<OnSqlite>;

public sealed class SourceLimitTestsOnPostgres(OnPostgres fixture) : SourceLimitTests(fixture), IClassFixture<OnPostgres>;
