using Countersign.Core.Flows;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Hosting;

/// <summary>What falls due while nobody calls.</summary>
public abstract class DueFlowsTests(ServerFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_overdue_flows_than_one_reading_holds_are_all_caught_up_and_not_for_ever()
    {
        await using var server = await fixture.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(async n =>
        {
            var flow = await server.BeginAsync("mobile", $"{2002100000 + n}");
            await server.Browser(flow.AuthToken!).Post("mobile/otp/start");
        }));

        await server.AdvanceAsync(TimeSpan.FromHours(1));

        var store = server.Services.GetRequiredService<IFlowStore>();
        Assert.Empty(await store.FindDueAsync(server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), 1, Cancellation));
    }
}

public sealed class DueFlowsOnSqlite(OnSqlite fixture) : DueFlowsTests(fixture), IClassFixture<OnSqlite>;

public sealed class DueFlowsOnPostgres(OnPostgres fixture) : DueFlowsTests(fixture), IClassFixture<OnPostgres>;
