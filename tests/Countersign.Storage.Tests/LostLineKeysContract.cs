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
    [InlineData(50)]
    public async Task Keys_of_lines_under_a_key_that_was_retired_are_refused_with_what_to_do(int lines)
    {
        await ObtainAsync(lines);
        var after = KeyRing.Of(MasterKey.New(), TimeProvider.System);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => RefuseAsync(Fixture.Keys, after));

        Assert.Contains($"key {StoreFixture.Ring.Sealing.Id}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the key file of the time before", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task So_are_those_of_which_some_had_been_sealed_anew_and_one_row_that_is_damaged_stops_nobody()
    {
        var later = new Stores(Fixture, KeyRing.Of(MasterKey.New(), TimeProvider.System));
        await ObtainAsync(50);
        var byId = await ListAsync();
        await CopyAsync(from: byId[^1], to: byId[0]);
        await RefuseAsync(Fixture.Keys);

        await Fixture.Keys.Database.WriteAsync(
            [.. byId.Take(25).Select(id => new Statement(
                "UPDATE line_keys SET secret = @secret WHERE id = @id",
                ("@secret", later.Sealer.Seal(new byte[32], LineKeyStore.PlaceOf(id))), ("@id", id)))],
            Test);

        await Assert.ThrowsAsync<ConfigurationException>(() => RefuseAsync(Fixture.Keys));
    }

    private async Task ObtainAsync(int count) => await Fixture.Lines.ObtainAsync(
        [.. Enumerable.Range(0, count).Select(i => (KeyOwner)PhoneNumber.Parse($"+1202555{1000 + i}"))], Test);

    private async Task<IReadOnlyList<byte[]>> ListAsync() => await Fixture.Keys.Database.ReadAsync(
        new Statement("SELECT id FROM line_keys ORDER BY id"), row => row.GetFieldValue<byte[]>(0), Test);

    private async Task CopyAsync(byte[] from, byte[] to) => await Fixture.Keys.Database.WriteAsync(
        [
            new Statement(
                "UPDATE line_keys SET secret = (SELECT secret FROM line_keys WHERE id = @from) WHERE id = @to",
                ("@from", from), ("@to", to)),
        ],
        Test);

    private Task RefuseAsync(KeyDatabase keys, KeyRing? ring = null) =>
        new LostLineKeys(Fixture.Database, keys, ring ?? StoreFixture.Ring).RefuseAsync(Test);
}

public sealed class LostLineKeysOnSqlite(SqliteFixture fixture) : LostLineKeysContract(fixture), IClassFixture<SqliteFixture>;

public sealed class LostLineKeysOnPostgres(PostgresFixture fixture) : LostLineKeysContract(fixture), IClassFixture<PostgresFixture>;
