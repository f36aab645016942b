using System.Text;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Projects;
using Countersign.Providers.Numbers;

namespace Countersign.Storage.Tests;

/// <summary>Who sees the records of a source.</summary>
public abstract class RecordSourceStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const string Number = "+12025550142";

    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly SourceName _crm = SourceName.Parse("crm");

    private PersonRecordKeys Keys => new(Fixture.Hasher, Fixture.Hashes, Fixture.Plan);

    private PersonRecordStore Records => new(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines);

    private RecordSourceStore Sources => new(Fixture.Database);

    private ProjectStore Projects => Fixture.Projects;

    private RecordImports Imports =>
        new(new ImportStore(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines), Sources, new NumberReader(), TimeProvider.System);

    [Fact]
    public async Task What_is_imported_for_a_project_is_seen_by_no_other()
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);

        Assert.Equal((1, 0), await SeenAsync());
    }

    [Fact]
    public async Task What_is_staged_and_committed_is_seen_by_its_project_alone()
    {
        await AddProjectsAsync();
        var import = Assert.IsType<BegunImport.Begun>(
            await Imports.BeginAsync(Plan(Sample.Shop) with { IsAllOrNothing = true }, 1, Test)).Import;
        await TakeAsync(import);
        Assert.Equal((0, 0), await SeenAsync());
        await Imports.CommitAsync(import.Id, Test);

        Assert.Equal((1, 0), await SeenAsync());
        while (await Imports.CatchUpAsync(10, Test))
        {
            Assert.Equal((1, 0), await SeenAsync());
        }
        Assert.Equal((1, 0), await SeenAsync());
    }

    [Fact]
    public async Task Records_of_others_take_no_place_in_the_answer()
    {
        await AddProjectsAsync();
        var many = Enumerable.Range(0, 3 * IPersonRecords.MaxPersons).Select(i => $"{Number},Lori,Smith,{i}\n");
        await ImportAsync(_bank, string.Concat(many), "many");
        await ImportAsync(Sample.Shop);
        await ImportAsync(_bank, $"{Number},Anna,Smith,\n", "later");

        Assert.Equal((1, IPersonRecords.MaxPersons), await SeenAsync());
    }

    [Fact]
    public async Task A_source_that_is_there_is_shown_to_nobody_by_an_import()
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);

        var refused = Assert.IsType<BegunImport.NotVisible>(await Imports.BeginAsync(Plan(Sample.Shop, _bank), 1, Test));
        var dry = await Imports.BeginAsync(Plan(_bank) with { IsDryRun = true }, 1, Test);

        Assert.Equal("shop", $"{refused.Visibility}");
        Assert.IsType<BegunImport.NotVisible>(dry);
        Assert.Equal((1, 0), await SeenAsync());
    }

    [Fact]
    public async Task A_dry_run_makes_no_source()
    {
        await AddProjectsAsync();
        Assert.IsType<BegunImport.Begun>(await Imports.BeginAsync(Plan(Sample.Shop) with { IsDryRun = true }, 1, Test));

        Assert.Null(await Sources.FindAsync(_crm, Test));
        Assert.Empty(await Records.ListSourcesAsync(Test));
    }

    [Fact]
    public async Task A_source_is_assigned_to_projects_and_to_nobody()
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);

        Assert.True(await Sources.TryAssignAsync(_crm, [_bank], Test));
        Assert.Equal((0, 1), await SeenAsync());
        Assert.True(await Sources.TryAssignAsync(_crm, [_bank, Sample.Shop], Test));
        Assert.Equal((1, 1), await SeenAsync());
        Assert.Equal("bank, shop", $"{Assert.Single(await Records.ListSourcesAsync(Test)).Visibility}");
        Assert.True(await Sources.TryAssignAsync(_crm, [], Test));
        Assert.Equal((0, 0), await SeenAsync());
        Assert.Equal("no project", $"{Assert.Single(await Records.ListSourcesAsync(Test)).Visibility}");
        Assert.IsType<BegunImport.NotVisible>(await Imports.BeginAsync(Plan(Sample.Shop), 1, Test));
        Assert.False(await Sources.TryAssignAsync(SourceName.Parse("other"), [_bank], Test));
    }

    [Fact]
    public async Task With_a_project_goes_what_it_saw_and_one_of_the_same_name_sees_nothing()
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);
        await Projects.RemoveProjectAsync(Sample.Shop, Test);
        await Fixture.AddProjectAsync(Sample.Shop);

        Assert.Equal((0, 0), await SeenAsync());
        Assert.Equal("no project", $"{Assert.Single(await Records.ListSourcesAsync(Test)).Visibility}");
    }

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(false, 0, 1)]
    public async Task A_source_that_was_erased_stays_its_projects_and_one_that_nobody_saw_is_new(bool isSeen, int shop, int bank)
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);
        await Sources.TryAssignAsync(_crm, isSeen ? [Sample.Shop] : [], Test);
        await Records.RemoveAsync(_crm, 100, Test);

        var foreign = await Imports.BeginAsync(Plan(_bank), 1, Test);
        Assert.Equal(isSeen, foreign is BegunImport.NotVisible);
        if (foreign is BegunImport.Begun { Import.Id: var id })
        {
            await Imports.AbortAsync(id, Test);
        }
        await ImportAsync(isSeen ? Sample.Shop : _bank);
        Assert.Equal((shop, bank), await SeenAsync());
    }

    [Theory]
    [InlineData(new[] { "shop" }, 1, 0, "shop")]
    [InlineData(new[] { "shop", "bank" }, 1, 1, "all projects")]
    [InlineData(new string[0], 0, 0, "no project")]
    public async Task What_was_there_before_is_the_only_projects_or_everybodys(string[] projects, int shop, int bank, string seenBy)
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);
        foreach (var id in (ProjectId[])[Sample.Shop, _bank])
        {
            await Projects.RemoveProjectAsync(id, Test);
        }
        foreach (var id in projects)
        {
            await Fixture.AddProjectAsync(ProjectId.Parse(id));
        }
        await Fixture.ExecuteAsync("DROP TABLE record_sources");
        await Fixture.ExecuteAsync("DROP TABLE record_visibility");
        await Fixture.ExecuteAsync("DELETE FROM schemaversions WHERE scriptname LIKE '%0035-record-sources%'");

        Fixture.Database.Migrate();
        // One that is made later sees nothing of the first one's.
        await AddProjectsAsync();

        Assert.Equal((shop, bank), await SeenAsync());
        Assert.Equal(seenBy, $"{Assert.Single(await Records.ListSourcesAsync(Test)).Visibility}");
        Assert.Equal(projects.Length > 1, (await Sources.ListSeenByAllAsync(Test)).Contains(_crm));
        Assert.True(await Sources.TryAssignAsync(_crm, [_bank], Test));
        Assert.Equal((0, 1), await SeenAsync());
        Assert.Empty(await Sources.ListSeenByAllAsync(Test));
    }

    [Fact]
    public async Task What_a_server_of_an_earlier_version_brings_is_seen_by_nobody_and_can_be_assigned()
    {
        await AddProjectsAsync();
        await ImportAsync(Sample.Shop);
        await Fixture.ExecuteAsync("DELETE FROM record_sources");
        await Fixture.ExecuteAsync("DELETE FROM record_visibility");

        Assert.Equal((0, 0), await SeenAsync());
        Assert.Equal("no project", $"{Assert.Single(await Records.ListSourcesAsync(Test)).Visibility}");
        Assert.IsType<BegunImport.NotVisible>(await Imports.BeginAsync(Plan(_bank), 1, Test));
        Assert.True(await Sources.TryAssignAsync(_crm, [Sample.Shop], Test));
        Assert.Equal((1, 0), await SeenAsync());
    }

    private async Task AddProjectsAsync()
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        await Fixture.AddProjectAsync(_bank);
    }

    private static ImportPlan Plan(params ProjectId[] projects) =>
        new(_crm, ImportFormat.Csv, ["phone", "given_name", "family_name", "record_id"], Projects: projects);

    private async Task ImportAsync(ProjectId project, string? text = null, string source = "crm")
    {
        var import = Assert.IsType<BegunImport.Begun>(
            await Imports.BeginAsync(Plan(project) with { Source = SourceName.Parse(source) }, 1, Test)).Import;
        await TakeAsync(import, text);
        await Imports.CommitAsync(import.Id, Test);
    }

    private async Task TakeAsync(RecordImport import, string? text = null) =>
        Assert.IsType<PieceOutcome.Taken>(
            await Imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes(text ?? $"{Number},Lori,Montgomery,\n"), 1, Test));

    private async Task<(int Shop, int Bank)> SeenAsync() =>
        ((await Records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test)).Count,
            (await Records.FindAsync(Sample.Number, _bank, Sample.Now, Test)).Count);
}

public sealed class RecordSourceStoreOnSqlite(SqliteFixture fixture) : RecordSourceStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class RecordSourceStoreOnPostgres(PostgresFixture fixture)
    : RecordSourceStoreContract(fixture), IClassFixture<PostgresFixture>;
