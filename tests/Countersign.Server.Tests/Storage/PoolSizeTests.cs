using Countersign.Storage;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Storage;

public sealed class PoolSizeTests(PostgresServer postgres)
{
    [Theory]
    [InlineData("", 20)]
    [InlineData(";Maximum Pool Size=7", 7)]
    [InlineData(";MaxPoolSize=300", 300)]
    [InlineData(";Minimum Pool Size=30", 30)]
    public async Task A_pool_has_twenty_connections_unless_the_connection_string_says_otherwise(string more, int size)
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=nobody" + more);

        Assert.Equal(size, database.PoolSize);
    }

    [Theory, InlineData("", false), InlineData(";Maximum Pool Size=500", true)]
    public async Task A_pool_for_which_PostgreSQL_has_no_room_is_told_at_the_start(string more, bool isTold)
    {
        await using var server = await TestServer.StartAsync(await postgres.CreateDatabaseAsync() + more);

        Assert.Equal(isTold, server.Logs.All.Any(line => line.Event.Id == 1822));
    }
}
