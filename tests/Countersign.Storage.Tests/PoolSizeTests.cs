
namespace Countersign.Storage.Tests;

public sealed class PoolSizeTests
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
}
