using Countersign.Core.Projects;

namespace Countersign.Storage.Tests;

public abstract class RevokedTokenStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    // Stored in whole milliseconds.
    private static readonly DateTimeOffset _at = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.ToUnixTimeMilliseconds());

    private RevokedTokenStore Revoked => new(Fixture.Database);

    [Fact]
    public async Task A_revocation_is_listed_from_its_moment_on()
    {
        await Revoked.AddAsync(Token("one", revokedAfter: 0), Test);
        await Revoked.AddAsync(Token("two", revokedAfter: 10), Test);

        Assert.Equal(["one", "two"], (await Revoked.ListAsync(_at, Test)).Select(token => token.Id).Order(StringComparer.Ordinal));
        Assert.Equal([Token("two", revokedAfter: 10)], await Revoked.ListAsync(_at.AddMilliseconds(1), Test));
        Assert.Empty(await Revoked.ListAsync(_at.AddSeconds(11), Test));
    }

    [Fact]
    public async Task A_token_that_is_revoked_again_stays_as_it_was()
    {
        await Revoked.AddAsync(Token("one", revokedAfter: 0), Test);

        await Revoked.AddAsync(Token("one", revokedAfter: 10), Test);

        Assert.Equal([Token("one", revokedAfter: 0)], await Revoked.ListAsync(_at, Test));
    }

    [Fact]
    public async Task A_revocation_is_forgotten_when_its_token_would_have_expired_and_in_pieces()
    {
        await Revoked.AddAsync(Token("one", revokedAfter: 0), Test);
        await Revoked.AddAsync(Token("two", revokedAfter: 0), Test);
        await Revoked.AddAsync(Token("three", revokedAfter: 10), Test);

        Assert.Equal(0, await Revoked.RemoveExpiredAsync(_at.AddHours(1).AddMilliseconds(-1), limit: 10, Test));
        Assert.Equal(1, await Revoked.RemoveExpiredAsync(_at.AddHours(1), limit: 1, Test));
        Assert.Equal(1, await Revoked.RemoveExpiredAsync(_at.AddHours(1), limit: 10, Test));
        Assert.Equal(["three"], (await Revoked.ListAsync(_at, Test)).Select(token => token.Id));
    }

    private static RevokedToken Token(string id, int revokedAfter) =>
        new(id, _at.AddSeconds(revokedAfter), _at.AddSeconds(revokedAfter).AddHours(1));
}

public sealed class RevokedTokenStoreOnSqlite(SqliteFixture fixture) : RevokedTokenStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class RevokedTokenStoreOnPostgres(PostgresFixture fixture)
    : RevokedTokenStoreContract(fixture), IClassFixture<PostgresFixture>;
