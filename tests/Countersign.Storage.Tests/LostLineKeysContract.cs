using Countersign.Core;
using Countersign.Core.Keys;

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

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public async Task Keys_of_lines_under_an_encryption_key_that_is_not_there_are_refused_until_that_is_accepted_once(int stops)
    {
        await SuppressAsync(stops);
        var after = KeyRing.Of(MasterKey.New(), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RefuseAsync(Fixture.Keys, after));
        var accepted = await new LostLineKeys(Fixture.Database, Fixture.Keys, after).AcceptAsync(Test);
        await new Stores(Fixture, after).LineKeys.ObtainAsync([(KeyOwner)Sample.Shop], Test);
        await RefuseAsync(Fixture.Keys, after);

        Assert.Contains($"key {StoreFixture.Ring.Sealing.Id}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Keys:AcceptLoss", refused.Message, StringComparison.Ordinal);
        Assert.Equal([StoreFixture.Ring.Sealing.Id], accepted);
        Assert.Equal(stops + 1, await CountAsync());
        Assert.Empty(await new LostLineKeys(Fixture.Database, Fixture.Keys, after).AcceptAsync(Test));
    }

    [Fact]
    public async Task So_are_they_where_lines_came_since_that_have_keys_which_can_be_opened()
    {
        await SuppressAsync(30);
        var after = KeyRing.Of(MasterKey.New(), TimeProvider.System);
        await new Stores(Fixture, after).LineKeys.ObtainAsync(
            [.. Enumerable.Range(0, 100).Select(i => (KeyOwner)PhoneNumber.Parse($"+1202556{1000 + i}"))], Test);

        await Assert.ThrowsAsync<ConfigurationException>(() => RefuseAsync(Fixture.Keys, after));
    }

    [Fact]
    public async Task So_are_they_where_people_said_STOP_since_whose_keys_can_be_opened()
    {
        await SuppressAsync(5);
        var ring = KeyRing.Of(MasterKey.New(), TimeProvider.System);
        var after = new Stores(Fixture, ring);
        var suppressions = new SuppressionStore(
            Fixture.Database, after.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, after.LineKeys);
        for (var i = 0; i < 30; i++)
        {
            await suppressions.SuppressAsync(PhoneNumber.Parse($"+1202556{1000 + i}"), "MyBrand", Sample.Now.AddDays(1), Test);
        }

        await Assert.ThrowsAsync<ConfigurationException>(() => RefuseAsync(Fixture.Keys, ring));
    }

    [Fact]
    public async Task A_row_that_is_damaged_stops_nobody_and_neither_does_a_database_of_another_store_without_STOPs()
    {
        await Fixture.Lines.ObtainAsync([(KeyOwner)Sample.Shop], Test);
        await RefuseAsync(Fixture.Keys, KeyRing.Of(MasterKey.New(), TimeProvider.System));
        await SuppressAsync(5);
        await Fixture.Keys.Database.WriteAsync(
            [
                new Statement(
                    "UPDATE line_keys SET secret = @secret WHERE id = (SELECT id FROM line_keys ORDER BY id LIMIT 1)",
                    ("@secret", (byte[])[2, 9, 9, 9, 9, .. new byte[80]])),
            ],
            Test);

        await RefuseAsync(Fixture.Keys);

        Assert.Empty(await new LostLineKeys(Fixture.Database, Fixture.Keys, StoreFixture.Ring).AcceptAsync(Test));
    }

    private async Task<long> CountAsync() => (await Fixture.Keys.Database.ReadAsync(
        new Statement("SELECT count(*) FROM line_keys"), row => row.GetInt64(0), Test))[0];

    private async Task SuppressAsync(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            await Suppressions.SuppressAsync(PhoneNumber.Parse($"+1202555{1000 + i}"), "MyBrand", Sample.Now, Test);
        }
    }

    private Task RefuseAsync(KeyDatabase keys, KeyRing? ring = null) =>
        new LostLineKeys(Fixture.Database, keys, ring ?? StoreFixture.Ring).RefuseAsync(Test);
}

public sealed class LostLineKeysOnSqlite(SqliteFixture fixture) : LostLineKeysContract(fixture), IClassFixture<SqliteFixture>;

public sealed class LostLineKeysOnPostgres(PostgresFixture fixture) : LostLineKeysContract(fixture), IClassFixture<PostgresFixture>;
