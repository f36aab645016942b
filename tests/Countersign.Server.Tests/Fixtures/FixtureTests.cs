
namespace Countersign.Server.Tests.Fixtures;

public abstract class FixtureTests(ServerFixture fixture)
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_code_that_was_sent_proves_possession()
    {
        var flow = await Server.BeginAsync("mobile", "2001009002");
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");

        var answer = await page.Enter((await Server.LastMessageAsync("2001009002")).Code!);

        Assert.Equal("""{"next":"done"}""", answer.ToJsonString());
        Assert.Equal("true success success", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task A_link_that_was_confirmed_is_told_to_the_waiting_desktop()
    {
        var flow = await Server.BeginAsync("desktop", "2001009002");
        var page = Server.Browser(flow.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");

        await Server.ConfirmLinkAsync((await Server.LastMessageAsync("2001009002")).Link!);

        Assert.Equal("""{"next":"done"}""", await socket.ReceiveAsync());
        Assert.Equal("true success success", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task A_flow_is_still_there_after_a_restart()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("mobile", "2001009002");

        await server.RestartAsync();

        Assert.Equal("pending pending pending", (await server.StatusAsync(flow.Id)).Outcome);
    }
}

public sealed class FixtureTestsOnSqlite(OnSqlite fixture) : FixtureTests(fixture), IClassFixture<OnSqlite>;

public sealed class FixtureTestsOnPostgres(OnPostgres fixture) : FixtureTests(fixture), IClassFixture<OnPostgres>;
