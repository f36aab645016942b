using System.Text;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

public abstract class SigningKeyStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.ToUnixTimeMilliseconds());

    private SigningKeyStore Keys => new(Fixture.Database, Fixture.Sealer, Fixture.Rows);

    [Fact]
    public async Task A_key_is_read_as_it_was_added()
    {
        var added = await Keys.GetOrAddAsync("key-1", [1, 2, 3], _now, Test);
        var listed = Assert.Single(await Keys.ListAsync(Test));

        Assert.Equal([1, 2, 3], added.PrivateKey);
        Assert.Equal([1, 2, 3], listed.PrivateKey);
        Assert.Equal(("key-1", _now), (listed.Id, listed.CreatedAt));
    }

    [Fact]
    public async Task The_key_that_is_there_already_is_the_one_to_use()
    {
        await Keys.GetOrAddAsync("key-1", [1], _now, Test);

        var second = await Keys.GetOrAddAsync("key-1", [2], _now.AddMinutes(1), Test);

        Assert.Equal([1], second.PrivateKey);
        Assert.Equal(_now, second.CreatedAt);
    }

    [Fact]
    public async Task Of_many_nodes_that_start_at_once_all_use_one_key()
    {
        await using var other = Fixture.Open();
        var otherKeys = new SigningKeyStore(other, Fixture.Sealer, Fixture.Rows);

        var keys = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => (i % 2 == 0 ? Keys : otherKeys).GetOrAddAsync("key-1", [(byte)i], _now, Test), Test)));

        Assert.Single(keys.Select(key => key.PrivateKey[0]).Distinct());
        Assert.Single(await Keys.ListAsync(Test));
    }

    [Fact]
    public async Task Keys_are_listed_newest_first()
    {
        await Keys.GetOrAddAsync("b", [2], _now.AddMinutes(2), Test);
        await Keys.GetOrAddAsync("c", [1], _now.AddMinutes(1), Test);
        await Keys.GetOrAddAsync("a", [3], _now.AddMinutes(3), Test);

        Assert.Equal(["a", "b", "c"], (await Keys.ListAsync(Test)).Select(key => key.Id));
    }

    [Fact]
    public async Task A_removed_key_is_gone()
    {
        await Keys.GetOrAddAsync("key-1", [1], _now, Test);

        await Keys.RemoveAsync("key-1", Test);
        await Keys.RemoveAsync("unknown", Test);

        Assert.Empty(await Keys.ListAsync(Test));
    }

    [Fact]
    [Trait("attack", "D01")]
    public async Task No_column_holds_a_private_key_in_clear()
    {
        await Keys.GetOrAddAsync("key-1", Encoding.UTF8.GetBytes("Marker private key"), _now, Test);

        Assert.All(await Fixture.DumpAsync(), PersonalData.AssertNoneIn);
    }
}

public sealed class SigningKeyStoreOnSqlite(SqliteFixture fixture) : SigningKeyStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class SigningKeyStoreOnPostgres(PostgresFixture fixture) : SigningKeyStoreContract(fixture), IClassFixture<PostgresFixture>;
