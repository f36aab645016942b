using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

public abstract class LinePseudonymStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private LinePseudonymStore Pseudonyms => new(Fixture.Keys, Fixture.Hasher, Fixture.Hashes, Fixture.Plan);

    [Fact]
    public async Task A_line_keeps_its_pseudonym_and_has_it_alone()
    {
        var first = await Pseudonyms.ObtainAsync([Sample.Number, _other, Sample.Number], Sample.Now, Test);

        var again = await Pseudonyms.ObtainAsync([_other, Sample.Number], Sample.Now.AddDays(3), Test);

        Assert.Equal(2, first.Count);
        Assert.NotEqual(first[Sample.Number], first[_other]);
        Assert.Equal(first[Sample.Number], again[Sample.Number]);
        Assert.Equal(first[_other], await Pseudonyms.FindAsync(_other, Test));
    }

    [Fact]
    public async Task A_line_of_which_nothing_was_written_has_none() =>
        Assert.Null(await Pseudonyms.FindAsync(Sample.Number, Test));

    [Fact]
    public async Task A_number_is_found_in_whatever_form_of_its_line()
    {
        var typed = PhoneNumber.Parse("+5491123456789");
        var made = await Pseudonyms.ObtainAsync([Fixture.Plan.FormOf(typed)], Sample.Now, Test);

        Assert.Equal(Assert.Single(made).Value, await Pseudonyms.FindAsync(typed, Test));
        Assert.Equal(Assert.Single(made).Value, await Pseudonyms.FindAsync(PhoneNumber.Parse("+54111523456789"), Test));
    }

    [Fact]
    public async Task Of_many_who_come_at_once_all_get_the_same()
    {
        var numbers = Enumerable.Range(0, 20).Select(i => PhoneNumber.Parse($"+120255501{i:00}")).ToList();

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => Pseudonyms.ObtainAsync(i % 2 == 0 ? numbers : [.. numbers.AsEnumerable().Reverse()], Sample.Now, Test), Test)));

        Assert.All(numbers, number => Assert.Single(all.Select(one => one[number]).Distinct()));
    }

    [Fact]
    public async Task What_is_not_used_any_more_is_removed_some_at_a_time()
    {
        var made = await Pseudonyms.ObtainAsync([Sample.Number, _other], Sample.Now, Test);
        await Pseudonyms.ObtainAsync([_other], Sample.Now.AddDays(20), Test);

        Assert.Equal(0, await Pseudonyms.RemoveUnusedAsync(Sample.Now, 10, Test));
        Assert.Equal(1, await Pseudonyms.RemoveUnusedAsync(Sample.Now.AddDays(10), 10, Test));

        Assert.Null(await Pseudonyms.FindAsync(Sample.Number, Test));
        Assert.Equal(made[_other], await Pseudonyms.FindAsync(_other, Test));
        var anew = await Pseudonyms.ObtainAsync([Sample.Number], Sample.Now, Test);
        Assert.NotEqual(made[Sample.Number], anew[Sample.Number]);
    }

    [Fact]
    public async Task A_pseudonym_outlives_a_change_of_the_encryption_key()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var kept = new Kept();
        var ring = new KeyRing(kept, time);
        var stores = new Stores(Fixture, ring);
        var made = (await stores.Pseudonyms.ObtainAsync([Sample.Number], Sample.Now, Test))[Sample.Number];
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), time.GetUtcNow()));
        ring.Reload();
        time.Advance(HashSealer.Lag + TimeSpan.FromMinutes(1));

        Assert.Equal(made, (await stores.Pseudonyms.ObtainAsync([Sample.Number], Sample.Now, Test))[Sample.Number]);
        Assert.Equal(1, (await stores.Resealing.CatchUpAsync(Test)).Resealed);
        kept.Value = kept.Value.Without(kept.Value.Keys[0].Key.Id);
        ring.Reload();

        Assert.Equal(made, await stores.Pseudonyms.FindAsync(Sample.Number, Test));
    }

    [Fact]
    public async Task Of_many_lines_each_keeps_its_own_and_they_are_asked_for_together()
    {
        var database = new CountingDatabase(Fixture.Keys.Database);
        var pseudonyms = new LinePseudonymStore(KeyDatabase.Of(database), Fixture.Hasher, Fixture.Hashes, Fixture.Plan);
        var numbers = Enumerable.Range(0, 64).Select(i => PhoneNumber.Parse($"+120255501{i:00}")).ToList();

        var made = await pseudonyms.ObtainAsync(numbers, Sample.Now, Test);
        var madeReads = database.Reads;
        var again = await pseudonyms.ObtainAsync(numbers, Sample.Now, Test);

        Assert.Equal(64, made.Values.Distinct().Count());
        Assert.Equal(made, again);
        Assert.Equal((2, 1), (madeReads, database.Reads - madeReads));
    }

    [Fact]
    public async Task More_lines_than_one_statement_names_are_all_found()
    {
        var numbers = Enumerable.Range(0, 300).Select(i => PhoneNumber.Parse($"+12025551{i:000}")).ToList();

        var made = await Pseudonyms.ObtainAsync(numbers, Sample.Now, Test);

        Assert.Equal(300, made.Values.Distinct().Count());
        Assert.Equal(made[numbers[^1]], await Pseudonyms.FindAsync(numbers[^1], Test));
    }

    /// <summary>The database holds no number, and no hash that can be made without the key.</summary>
    [Fact]
    public async Task The_row_tells_nobody_whose_it_is()
    {
        var made = (await Pseudonyms.ObtainAsync([Sample.Number], Sample.Now, Test))[Sample.Number];

        var rows = await Fixture.Keys.Database.ReadAsync(
            new Statement("SELECT number_hash, pseudonym FROM lines"),
            row => (Hash: row.GetFieldValue<byte[]>(0), Pseudonym: row.GetFieldValue<byte[]>(1)), Test);

        var (hash, pseudonym) = Assert.Single(rows);
        Assert.Equal(made, LinePseudonym.FromBytes(pseudonym));
        Assert.Equal(32, hash.Length);
        Assert.DoesNotContain(Convert.ToHexStringLower(hash), made.Hex, StringComparison.Ordinal);
    }
}

public sealed class LinePseudonymStoreOnSqlite(SqliteFixture fixture) : LinePseudonymStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class LinePseudonymStoreOnPostgres(PostgresFixture fixture)
    : LinePseudonymStoreContract(fixture), IClassFixture<PostgresFixture>;
