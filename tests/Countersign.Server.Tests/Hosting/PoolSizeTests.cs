using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Hosting;

public sealed class PoolSizeTests(PostgresServer postgres)
{
    [Theory, InlineData("", false), InlineData(";Maximum Pool Size=500", true)]
    public async Task A_pool_for_which_PostgreSQL_has_no_room_is_told_at_the_start(string more, bool isTold)
    {
        await using var server = await TestServer.StartAsync(await postgres.CreateDatabaseAsync() + more);

        Assert.Equal(isTold, server.Logs.All.Any(line => line.Event.Id == 1822));
    }
}
