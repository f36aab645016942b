using Countersign.Core;
using Countersign.Core.Administration;

namespace Countersign.Storage.Tests;

public abstract class AdminKeyStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    // Stored in whole milliseconds.
    private static readonly DateTimeOffset _at = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.ToUnixTimeMilliseconds());

    private AdminKeyStore Keys => new(Fixture.Database, Fixture.Hashes, Fixture.Rows);

    [Fact]
    public async Task A_key_is_found_as_it_was_added()
    {
        var limited = Key("desk") with
        {
            Rights = new AdminRights([AdminScope.Read, AdminScope.Support], [ProjectId.Parse("shop"), ProjectId.Parse("bank")]),
            ExpiresAt = _at.AddDays(30),
        };

        Assert.True(await Keys.TryAddAsync(limited, Test));
        Assert.True(await Keys.TryAddAsync(Key("all"), Test));

        var found = await Keys.ListAsync(Test);
        Assert.Equal(["all", "desk"], found.Select(key => key.Name));
        Assert.Equal((limited.Hash, limited.CreatedAt, "ops", limited.ExpiresAt, null), (
            found[1].Hash, found[1].CreatedAt, found[1].CreatedBy, found[1].ExpiresAt, found[1].EndedAt));
        Assert.Equal(limited.Rights.Scopes, found[1].Rights.Scopes);
        Assert.Equal(limited.Rights.Projects, found[1].Rights.Projects);
        Assert.Null(found[0].Rights.Projects);
        Assert.Equal(AdminScopes.All, found[0].Rights.Scopes);
    }

    [Fact]
    public async Task A_name_is_taken_also_when_its_key_has_ended()
    {
        await Keys.TryAddAsync(Key("desk"), Test);
        var second = await Keys.TryAddAsync(Key("desk"), Test);
        await Keys.TryEndAsync("desk", _at, Test);
        var later = await Keys.TryAddAsync(Key("desk"), Test);

        Assert.False(second);
        Assert.False(later);
        Assert.Equal(Key("desk").Hash, Assert.Single(await Keys.ListAsync(Test)).Hash);
    }

    [Fact]
    public async Task A_key_ends_once_and_keeps_its_end()
    {
        await Keys.TryAddAsync(Key("desk"), Test);

        var unknown = await Keys.TryEndAsync("other", _at, Test);
        var first = await Keys.TryEndAsync("desk", _at, Test);
        var second = await Keys.TryEndAsync("desk", _at.AddHours(1), Test);

        Assert.Equal((false, true, false), (unknown, first, second));
        Assert.Equal(_at, Assert.Single(await Keys.ListAsync(Test)).EndedAt);
    }

    [Fact]
    public async Task A_scope_of_a_newer_version_allows_nothing()
    {
        await Keys.TryAddAsync(Key("desk") with { Rights = new AdminRights([AdminScope.Read]) }, Test);
        await Fixture.Database.WriteAsync([new Statement("UPDATE admin_keys SET scopes = 'read everything'")], Test);
        await Fixture.SealRowsAsync();

        Assert.Equal([AdminScope.Read], Assert.Single(await Keys.ListAsync(Test)).Rights.Scopes);
    }

    private AdminKey Key(string name) => new(
        name, AdminKeySecrets.HashOf(Fixture.Hasher, new Secret(name)), AdminRights.All, _at, "ops");
}

public sealed class AdminKeyStoreOnSqlite(SqliteFixture fixture) : AdminKeyStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class AdminKeyStoreOnPostgres(PostgresFixture fixture) : AdminKeyStoreContract(fixture), IClassFixture<PostgresFixture>;
