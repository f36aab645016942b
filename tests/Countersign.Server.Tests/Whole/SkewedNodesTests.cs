using Countersign.Core;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Whole;

/// <summary>Two nodes on one store, the clock of one of which is wrong.</summary>
public sealed class SkewedNodesTests(PostgresServer postgres)
{
    [Theory, InlineData(150), InlineData(-300), InlineData(86_400)]
    [Trait("attack", "S09")]
    public async Task A_code_sent_by_one_node_is_right_at_the_other(int seconds)
    {
        await using var right = await TestServer.StartAsync(await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=20");
        await using var wrong = await StartAsync(right.Store, seconds);

        foreach (var (first, second) in new[] { (right, wrong), (wrong, right) })
        {
            var flow = await first.BeginAsync("mobile", "2001009002");
            await first.Browser(flow.AuthToken!).Post("mobile/otp/start");

            var answer = await second.Browser(flow.AuthToken!).Enter("1234");

            Assert.Equal("""{"next":"done"}""", answer.ToJsonString());
            Assert.Equal("true success success", (await first.StatusAsync(flow.Id)).Outcome);
            Assert.Equal("true success success", (await second.StatusAsync(flow.Id)).Outcome);
        }
    }

    [Theory, InlineData(150), InlineData(-300)]
    public async Task A_link_sent_by_one_node_is_good_at_the_other_and_wakes_its_desktop(int seconds)
    {
        await using var right = await TestServer.StartAsync(await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=20");
        await using var wrong = await StartAsync(right.Store, seconds);

        foreach (var (first, second) in new[] { (right, wrong), (wrong, right) })
        {
            var flow = await first.BeginAsync("desktop", "2001009002");
            await using var socket = await second.Browser(flow.AuthToken!).ConnectSocketAsync();
            await first.Browser(flow.AuthToken!).Post("mobile/instantlink/start");

            var confirmed = await second.ConfirmLinkAsync((await first.LastMessageAsync("2001009002")).Link!);

            Assert.Equal(303, confirmed.Status);
            Assert.Equal("""{"next":"done"}""", await socket.ReceiveAsync());
            Assert.Equal("true success success", (await first.StatusAsync(flow.Id)).Outcome);
        }
    }

    [Fact]
    public async Task A_node_whose_clock_is_wrong_says_so_at_its_start_and_a_right_one_does_not()
    {
        await using var right = await TestServer.StartAsync(await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=20");
        await using var wrong = await StartAsync(right.Store, seconds: 150);

        Assert.Single(wrong.Logs.All, line => line.Event.Id == 1825);
        Assert.DoesNotContain(right.Logs.All, line => line.Event.Id == 1825);
    }

    private static Task<TestServer> StartAsync(string store, int seconds) => TestServer.StartAsync(
        store,
        substitute: builder =>
            builder.Services.AddKeyedSingleton<TimeProvider>(ClockKeys.Machine, new WrongClock(TimeSpan.FromSeconds(seconds))));

    private sealed class WrongClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
