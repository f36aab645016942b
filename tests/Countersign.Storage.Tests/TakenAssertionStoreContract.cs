using Countersign.Core;

namespace Countersign.Storage.Tests;

public abstract class TakenAssertionStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly ClientId _client = ClientId.Parse("client");

    private TakenAssertionStore Taken => new(Fixture.Database, Fixture.Hasher, Fixture.Hashes);

    [Fact]
    public async Task An_id_is_taken_once_for_a_client()
    {
        Assert.True(await Taken.TryTakeAsync(_client, "id", Sample.Now, Test));
        Assert.False(await Taken.TryTakeAsync(_client, "id", Sample.Now.AddHours(1), Test));
        Assert.True(await Taken.TryTakeAsync(_client, "other", Sample.Now, Test));
        Assert.True(await Taken.TryTakeAsync(ClientId.Parse("neighbour"), "id", Sample.Now, Test));
    }

    [Fact]
    public async Task Of_many_who_take_one_id_one_has_it()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Taken.TryTakeAsync(_client, "id", Sample.Now, Test)));

        Assert.Single(taken, isFirst => isFirst);
    }

    [Fact]
    public async Task What_is_of_no_use_by_itself_is_forgotten_in_pieces()
    {
        await Taken.TryTakeAsync(_client, "one", Sample.Now, Test);
        await Taken.TryTakeAsync(_client, "two", Sample.Now, Test);
        await Taken.TryTakeAsync(_client, "three", Sample.Now.AddSeconds(1), Test);

        Assert.Equal(0, await Taken.RemoveExpiredAsync(Sample.Now.AddSeconds(-1), limit: 10, Test));
        Assert.Equal(1, await Taken.RemoveExpiredAsync(Sample.Now, limit: 1, Test));
        Assert.Equal(1, await Taken.RemoveExpiredAsync(Sample.Now, limit: 10, Test));
        Assert.Equal(1, await Fixture.CountAsync("taken_assertions"));
    }
}

public sealed class TakenAssertionStoreOnSqlite(SqliteFixture fixture)
    : TakenAssertionStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class TakenAssertionStoreOnPostgres(PostgresFixture fixture)
    : TakenAssertionStoreContract(fixture), IClassFixture<PostgresFixture>;
