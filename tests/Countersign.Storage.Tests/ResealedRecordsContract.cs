using System.Text;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>A change of the key while records are imported, settled and brought to one form.</summary>
public abstract class ResealedRecordsContract(StoreFixture fixture) : StoreContract(fixture)
{
    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Kept _keys = new();
    private KeyRing? _ring;
    private Stores? _stores;

    private KeyRing Ring => _ring ??= new KeyRing(_keys, _time);

    private RecordSourceStore Sources => new(Fixture.Database);

    private Stores Now => _stores ??= new Stores(Fixture, Ring);

    [Fact]
    public async Task What_a_committed_import_brought_replaces_a_record_that_is_under_another_key()
    {
        await ImportAsync(Now, Living("Springfield"));
        var behind = new Stores(Fixture, new KeyRing(new Kept { Value = _keys.Value }, _time)) { LineKeys = Now.LineKeys };
        Rotate();
        await Now.Resealing.CatchUpAsync(Test);
        await ImportAsync(behind, Living("Shelbyville"), isAllOrNothing: true);

        while (await new RecordImports(Now.Imports, Sources, new NumberReader(), _time).CatchUpAsync(1, Test))
        {
            // One row at a time.
        }
        Assert.Equal(1, await Fixture.CountAsync("person_records"));
        await Now.Resealing.CatchUpAsync(Test);

        Assert.Equal("Shelbyville", await CityAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_records_of_one_place_the_one_of_the_later_import_stays(bool isLaterUnderNewer)
    {
        var behind = new Stores(Fixture, new KeyRing(new Kept { Value = _keys.Value }, _time)) { LineKeys = Now.LineKeys };
        var former = _keys.Value.Keys[0].Key.Id;
        Rotate();
        // As a node that has not read the first key.
        var ahead = new Stores(Fixture, new KeyRing(new Kept { Value = _keys.Value.Without(former) }, _time)) { LineKeys = Now.LineKeys };
        await ImportAsync(isLaterUnderNewer ? behind : ahead, Living("Springfield"));
        await ImportAsync(isLaterUnderNewer ? ahead : behind, Living("Shelbyville"));
        Assert.Equal(2, await Fixture.CountAsync("person_records"));

        await Now.Resealing.CatchUpAsync(Test);

        Assert.Equal(1, await Fixture.CountAsync("person_records"));
        Assert.Equal("Shelbyville", await CityAsync());
        Assert.Equal([Ring.Sealing.Id], (await Now.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task A_record_whose_form_is_looked_at_goes_under_the_key_that_seals_as_a_whole()
    {
        await ImportAsync(Now, Living("Springfield"));
        await Fixture.ExecuteAsync("UPDATE person_records SET number_form = 0");
        Rotate();
        await PutProjectAsync();

        await new RecordLines(Fixture.Database, Now.Sealer, Now.RecordKeys, Now.LineKeys).CatchUpAsync(10, Test);

        Assert.Equal("Springfield", await CityAsync());
        var used = await Fixture.Database.ReadAsync(
            new Statement("SELECT body, number_hash FROM person_records"),
            row => (Sealer.KeyOf(row.GetFieldValue<byte[]>(0)), HashSealer.KeyOf(row.GetFieldValue<byte[]>(1))), Test);
        Assert.Equal([(Ring.Sealing.Id, Ring.Sealing.Id)], used);
    }

    [Fact]
    public async Task A_number_without_a_record_is_told_so_when_the_first_key_is_gone()
    {
        var records = Now.Records;
        Assert.Empty(await records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Rotate();
        _keys.Value = _keys.Value.Without(_keys.Value.Keys[0].Key.Id);
        Ring.Reload();

        Assert.Empty(await records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
    }

    private void Rotate()
    {
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        _time.Advance(HashSealer.Lag);
        Ring.Reload();
    }

    private static string Living(string city) => $"+12025550142,Lori,Montgomery,1980-05-06,{city}\n";

    private async Task<string> CityAsync() =>
        Assert.Single(await Now.Records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test)).Record.Person.Addresses[0].City!;

    private Task PutProjectAsync() => Now.Projects.PutAsync(new Project(Sample.Shop, "The shop", new ProjectSettings()), Test);

    private async Task ImportAsync(Stores stores, string text, bool isAllOrNothing = false)
    {
        var imports = new RecordImports(stores.Imports, Sources, new NumberReader(), _time);
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name", "birthdate", "city"])
        {
            IsAllOrNothing = isAllOrNothing, Projects = [Sample.Shop],
        };
        await PutProjectAsync();
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, Test)).Import;
        Assert.IsType<PieceOutcome.Taken>(await imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes(text), 1, Test));
        Assert.IsType<EndedImport.Ended>(await imports.CommitAsync(import.Id, Test));
    }
}

public sealed class ResealedRecordsOnSqlite(SqliteFixture fixture) : ResealedRecordsContract(fixture), IClassFixture<SqliteFixture>;

public sealed class ResealedRecordsOnPostgres(PostgresFixture fixture)
    : ResealedRecordsContract(fixture), IClassFixture<PostgresFixture>;
