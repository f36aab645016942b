using Countersign.Core;

namespace Countersign.Storage.Tests;

/// <summary>A store that knows no STOP any more does not go on as if none had been said.</summary>
public abstract class LostLineKeysContract(StoreFixture fixture) : StoreContract(fixture)
{
    private SuppressionStore Suppressions => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);

    [Fact]
    public async Task A_store_with_STOPs_and_the_key_of_no_line_is_refused_with_what_to_do()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        await Fixture.Keys.Database.WriteAsync([new Statement("DELETE FROM line_keys")], Test);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RefuseAsync(Fixture.Keys));

        Assert.Contains("Keys:Store", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Keys:AcceptLoss", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_a_STOP_with_keys_or_with_STOPs_from_before_lines_had_keys_is_not()
    {
        await RefuseAsync(Fixture.Keys);
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        await RefuseAsync(Fixture.Keys);
        await Fixture.Keys.Database.WriteAsync([new Statement("DELETE FROM line_keys")], Test);
        // As it was sealed then.
        await Fixture.Database.WriteAsync(
            [new Statement("UPDATE suppressions SET masked = @masked", ("@masked", Fixture.Sealer.Seal([1], "suppressions.masked:a:b")))],
            Test);

        await RefuseAsync(Fixture.Keys);
    }

    [Fact]
    public async Task Where_the_keys_do_not_answer_nothing_is_known_to_be_lost()
    {
        await Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);

        await RefuseAsync(new KeyDatabase(() => throw new IOException("It is away.")));
    }

    private Task RefuseAsync(KeyDatabase keys) => new LostLineKeys(Fixture.Database, keys).RefuseAsync(Test);
}

public sealed class LostLineKeysOnSqlite(SqliteFixture fixture) : LostLineKeysContract(fixture), IClassFixture<SqliteFixture>;

public sealed class LostLineKeysOnPostgres(PostgresFixture fixture) : LostLineKeysContract(fixture), IClassFixture<PostgresFixture>;
