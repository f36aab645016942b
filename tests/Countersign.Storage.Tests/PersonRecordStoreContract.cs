using System.Text;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>Records and their imports, as <see cref="RecordImports"/> writes them.</summary>
public abstract class PersonRecordStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const string Lori = "+12025550142,Lori,Montgomery,1980-05-06\n";
    private const string Other = "+12025550143,Peter,Montgomery,1979-01-02\n";

    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private readonly FakeTimeProvider _time = new(Sample.Now);

    private PersonRecordKeys Keys => new(Fixture.Hasher, Fixture.Hashes, Fixture.Plan);

    private PersonRecordStore Records => new(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines);

    private ImportStore Store => new(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines);

    private RecordImports Imports => new(Store, new RecordSourceStore(Fixture.Database), new NumberReader(), _time);

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        var first = await ImportAsync(Lori + Other);
        var before = await Fixture.DumpAsync();
        var second = await ImportAsync(Lori + Other);

        Assert.Equal(new ImportCounts(Added: 2), first);
        Assert.Equal(new ImportCounts(Unchanged: 2), second);
        Assert.Equal(2, await Fixture.CountAsync("person_records"));
        Assert.Equal(before.OfType<byte[]>().Count(), (await Fixture.DumpAsync()).OfType<byte[]>().Count());
    }

    [Fact]
    public async Task A_changed_line_changes_its_record_alone()
    {
        const string ofCrm = "+12025550142,Lori,Montgomery,1980-05-06,{0},7\n";
        await ImportAsync(
            string.Format(null, ofCrm, "Springfield"), columns: ["phone", "given_name", "family_name", "birthdate", "city", "record_id"]);

        var counts = await ImportAsync(
            string.Format(null, ofCrm, "Shelbyville"), columns: ["phone", "given_name", "family_name", "birthdate", "city", "record_id"]);

        Assert.Equal(new ImportCounts(Changed: 1), counts);
        Assert.Equal("Shelbyville", Assert.Single(await FindAsync()).Record.Person.Addresses[0].City);
    }

    [Fact]
    public async Task A_number_has_several_persons_of_several_sources()
    {
        await ImportAsync(Lori + "+12025550142,Peter,Montgomery,1979-01-02\n");
        await ImportAsync(Lori, source: "billing");

        var found = await FindAsync();

        Assert.Equal(["billing Lori", "crm Lori", "crm Peter"],
            found.Select(kept => $"{kept.Source} {kept.Record.Person.Name!.Given}").Order(StringComparer.Ordinal));
        Assert.Equal([("billing", 1L), ("crm", 2L)],
            (await Records.ListSourcesAsync(Test)).Select(source => (source.Name.ToString(), source.Records)));
    }

    [Fact]
    public async Task Nothing_of_an_import_that_takes_all_or_nothing_counts_before_its_commit_and_all_of_it_after()
    {
        await ImportAsync("+12025550142,Lori,Smith,1980-05-06\n", columns: ["phone", "given_name", "family_name", "birthdate"]);
        var import = await BeginAsync(allOrNothing: true);
        await TakeAsync(import, Lori + Other, 1);

        Assert.Equal(["Smith"], await FamiliesAsync());
        Assert.Empty(await Records.FindAsync(_other, Sample.Shop, Sample.Now, Test));

        Assert.Equal(ImportState.Settling, (await CommitAsync(import)).State);
        var committed = await FamiliesAsync();
        while (await Imports.CatchUpAsync(1, Test))
        {
            Assert.Equal(committed, await FamiliesAsync());
        }

        Assert.Equal(["Montgomery", "Smith"], committed);
        Assert.Equal(committed, await FamiliesAsync());
        Assert.Equal(ImportState.Done, (await Store.FindAsync(import.Id, Test))!.State);
    }

    [Fact]
    public async Task A_committed_change_replaces_what_was_there_once_and_for_all()
    {
        string[] columns = ["phone", "given_name", "family_name", "record_id"];
        await ImportAsync("+12025550142,Lori,Smith,7\n", columns);
        var import = await BeginAsync(allOrNothing: true, columns: columns);
        var taken = Assert.IsType<PieceOutcome.Taken>(await TakeAsync(import, "+12025550142,Lori,Montgomery,7\n", 1));
        Assert.Equal(new ImportCounts(Changed: 1), taken.Counts);
        Assert.Equal(["Smith"], await FamiliesAsync());

        await Imports.CommitAsync(import.Id, Test);
        Assert.Equal(["Montgomery"], await FamiliesAsync());
        await CatchUpAsync();

        Assert.Equal(["Montgomery"], await FamiliesAsync());
        Assert.Equal(1, await Fixture.CountAsync("person_records"));
    }

    [Fact]
    public async Task An_aborted_import_leaves_nothing()
    {
        var import = await BeginAsync(allOrNothing: true);
        await TakeAsync(import, Lori + Other, 1);

        await Imports.AbortAsync(import.Id, Test);
        await CatchUpAsync();

        Assert.Equal(0, await Fixture.CountAsync("person_records"));
        Assert.Equal(ImportState.Aborted, (await Store.FindAsync(import.Id, Test))!.State);
        Assert.IsType<PieceOutcome.NotOpen>(await TakeAsync(import, Lori, 3));
        Assert.IsType<BegunImport.Begun>(await Imports.BeginAsync(Plan(), 1, Test));
    }

    [Fact]
    public async Task With_a_bad_line_all_or_nothing_is_not_committed()
    {
        var import = await BeginAsync(allOrNothing: true);
        await TakeAsync(import, Lori + "nonsense,,,\n", 1);

        Assert.IsType<EndedImport.HasBadLines>(await Imports.CommitAsync(import.Id, Test));
        Assert.Equal(ImportState.Open, (await Store.FindAsync(import.Id, Test))!.State);
    }

    [Fact]
    public async Task A_piece_that_is_sent_twice_is_written_and_counted_once_and_answered_alike()
    {
        var import = await BeginAsync();
        var first = Assert.IsType<PieceOutcome.Taken>(await TakeAsync(import, Lori + Other, 1));
        var second = Assert.IsType<PieceOutcome.Taken>(await TakeAsync(import, Lori + Other, 1));

        Assert.Equal((first.Counts, first.NextLine), (second.Counts, second.NextLine));
        Assert.Equal(new ImportCounts(Added: 2), (await Store.FindAsync(import.Id, Test))!.Counts);
        Assert.Equal(3, Assert.IsType<PieceOutcome.LinesMissing>(await TakeAsync(import, Lori, 4)).NextLine);
    }

    [Fact]
    public async Task A_record_that_stands_twice_is_repeated_or_contradicts()
    {
        string[] columns = ["phone", "given_name", "family_name", "record_id"];
        var import = await BeginAsync(columns: columns);

        var taken = Assert.IsType<PieceOutcome.Taken>(
            await TakeAsync(import, "+12025550142,Lori,Smith,7\n+12025550142,Lori,Smith,7\n+12025550142,Lori,Jones,7\n", 1));

        Assert.Equal(new ImportCounts(Added: 1, Repeated: 1, Rejected: 1), taken.Counts);
        Assert.Equal((3, "record_id"), (taken.Problems[0].Line, taken.Problems[0].Field));
        Assert.Contains("line 1", taken.Problems[0].Problem, StringComparison.Ordinal);
        Assert.Equal(["Smith"], await FamiliesAsync());
    }

    [Theory]
    [InlineData(false, "Smith")]
    [InlineData(false, "Jones")]
    [InlineData(true, "Smith")]
    [InlineData(true, "Jones")]
    public async Task A_file_that_contradicts_itself_says_so_every_time_and_changes_nothing_again(bool allOrNothing, string before)
    {
        string[] columns = ["phone", "given_name", "family_name", "record_id"];
        await ImportAsync($"+12025550142,Lori,{before},7\n", columns);

        for (var time = 0; time < 3; time++)
        {
            var import = await BeginAsync(allOrNothing, columns: columns);
            for (var sent = 0; sent < 2; sent++)
            {
                var taken = Assert.IsType<PieceOutcome.Taken>(
                    await TakeAsync(import, "+12025550142,Lori,Smith,7\n+12025550142,Lori,Jones,7\n+12025550142,Lori,Smith,7\n", 1));

                Assert.Equal(
                    before == "Smith" || (time > 0 && !allOrNothing)
                        ? new ImportCounts(Unchanged: 1, Repeated: 1, Rejected: 1)
                        : new ImportCounts(Changed: 1, Repeated: 1, Rejected: 1),
                    taken.Counts);
                Assert.Contains("line 1", Assert.Single(taken.Problems).Problem, StringComparison.Ordinal);
            }
            Assert.Equal(allOrNothing, await Imports.CommitAsync(import.Id, Test) is EndedImport.HasBadLines);
            Assert.Equal(allOrNothing ? ImportState.Open : ImportState.Done, (await Store.FindAsync(import.Id, Test))!.State);
            await Imports.AbortAsync(import.Id, Test);
            await CatchUpAsync();
            Assert.Equal([allOrNothing ? before : "Smith"], await FamiliesAsync());
        }
    }

    [Fact]
    public async Task What_all_or_nothing_brings_again_is_as_new_as_its_commit()
    {
        await ImportAsync(Lori + Other);
        _time.Advance(TimeSpan.FromDays(20));
        var aborted = await BeginAsync(allOrNothing: true);
        await TakeAsync(aborted, Lori + Other, 1);
        await Imports.AbortAsync(aborted.Id, Test);
        await CatchUpAsync();
        var import = await BeginAsync(allOrNothing: true);
        Assert.Equal(new ImportCounts(Unchanged: 1), Assert.IsType<PieceOutcome.Taken>(await TakeAsync(import, Lori, 1)).Counts);
        await Imports.CommitAsync(import.Id, Test);
        await CatchUpAsync();

        // Peter's was brought again by what was given up alone.
        Assert.Equal(1, await Records.RemoveOutdatedAsync(Sample.Now.AddDays(10), 100, Test));
        Assert.Equal(["Montgomery"], await FamiliesAsync());
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_changes_nothing()
    {
        await ImportAsync(Lori);
        var dry = await BeginAsync(dryRun: true);

        var taken = Assert.IsType<PieceOutcome.Taken>(await TakeAsync(dry, Lori + Other + "x,y,z,\n", 1));
        var ended = await CommitAsync(dry);

        Assert.Equal(new ImportCounts(Added: 1, Unchanged: 1, Rejected: 1), taken.Counts);
        Assert.Equal(ImportState.Done, ended.State);
        Assert.Equal(1, await Fixture.CountAsync("person_records"));
    }

    [Fact]
    public async Task A_source_has_one_import_at_a_time_and_one_that_is_forgotten_is_given_up()
    {
        var open = await BeginAsync();

        Assert.Equal(open.Id, Assert.IsType<BegunImport.Refused>(await Imports.BeginAsync(Plan(), 1, Test)).InTheWay!.Id);
        Assert.IsType<BegunImport.Begun>(await Imports.BeginAsync(Plan(source: "billing"), 1, Test));
        Assert.IsType<BegunImport.Begun>(await Imports.BeginAsync(Plan() with { IsDryRun = true }, 1, Test));
        _time.Advance(RecordImport.Timeout + TimeSpan.FromMinutes(1));
        await CatchUpAsync();

        Assert.IsType<BegunImport.Begun>(await Imports.BeginAsync(Plan(), 1, Test));
    }

    [Fact]
    public async Task A_number_and_a_source_can_be_erased()
    {
        await ImportAsync(Lori + Other);
        await ImportAsync(Lori, source: "billing");
        var staged = await BeginAsync(allOrNothing: true, source: "staged");
        await TakeAsync(staged, Lori, 1);

        Assert.Equal(3, await Records.RemoveAsync(Sample.Number, Test));
        Assert.Equal(1, await Records.RemoveAsync(SourceName.Parse("crm"), 100, Test));

        Assert.Equal(0, await Fixture.CountAsync("person_records"));
    }

    [Fact]
    public async Task A_record_is_kept_from_its_end_or_from_when_it_was_last_brought()
    {
        string[] columns = ["phone", "given_name", "family_name", "valid_to"];
        await ImportAsync("+12025550142,Lori,Smith,2026-11-30\n+12025550143,Peter,Smith,\n+12025550144,Anna,Smith,\n", columns);
        _time.Advance(TimeSpan.FromDays(20));
        await ImportAsync("+12025550143,Peter,Smith,\n", columns);

        var removed = await Records.RemoveOutdatedAsync(Sample.Now.AddDays(10), 100, Test);

        // Lori's has ended, Anna's was not brought again, Peter's was.
        Assert.Equal(2, removed);
        Assert.Single(await Records.FindAsync(_other, Sample.Shop, _time.GetUtcNow(), Test));
    }

    [Theory]
    [InlineData("2026-11-22", "", 1)]
    [InlineData("2026-11-23", "", 0)]
    [InlineData("", "2026-11-22", 1)]
    [InlineData("", "2026-11-21", 0)]
    public async Task A_record_counts_from_its_first_day_to_its_last(string from, string to, int found)
    {
        await ImportAsync($"+12025550142,Lori,Smith,{from},{to}\n", ["phone", "given_name", "family_name", "valid_from", "valid_to"]);

        Assert.Equal(found, (await FindAsync()).Count);
    }

    [Fact]
    public async Task Nothing_personal_stands_in_a_column()
    {
        await ImportAsync(
            "+12025550142,Lori,Montgomery,Marker street,Marker city,marker@example.com,Marker id\n",
            ["phone", "given_name", "family_name", "street", "city", "email", "record_id"]);

        Assert.All(await Fixture.DumpAsync(), PersonalData.AssertNoneIn);
    }

    [Fact]
    public async Task When_a_number_was_verified_is_remembered_for_its_project()
    {
        var verified = new VerifiedNumberStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);
        await verified.RecordAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);
        await verified.RecordAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now.AddDays(1), Test);

        Assert.Equal(Sample.Now.AddDays(1).ToUnixTimeMilliseconds(),
            (await verified.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test))!.Value.ToUnixTimeMilliseconds());
        Assert.Null(await verified.FindAsync(ProjectId.Parse("bank"), Sample.Number, Test));
        Assert.Equal(1, await verified.RemoveAsync(Sample.Now.AddDays(2), 10, Test));
        Assert.Null(await verified.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test));
    }

    [Fact]
    public async Task Who_erases_a_number_erases_when_it_was_verified()
    {
        var verified = new VerifiedNumberStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);
        await verified.RecordAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);
        await verified.RecordAsync(ProjectId.Parse("shop"), _other, Sample.Now, Test);

        await Records.RemoveAsync(Sample.Number, Test);

        Assert.Null(await verified.FindAsync(ProjectId.Parse("shop"), Sample.Number, Test));
        Assert.NotNull(await verified.FindAsync(ProjectId.Parse("shop"), _other, Test));
    }

    [Fact]
    public async Task Who_erases_a_number_erases_since_when_it_was_held_and_its_time_ends_too()
    {
        var identities = new IdentityStore(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);
        var verified = new VerifiedNumberStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);
        foreach (var number in (PhoneNumber[])[Sample.Number, _other])
        {
            var person = await identities.ObtainAsync(ProjectId.Parse("shop"), number, Sample.Now, Test);
            await identities.LeaveNumberAsync(ProjectId.Parse("shop"), person.Id, Sample.Now.AddDays(60), Test);
        }

        await Records.RemoveAsync(Sample.Number, Test);

        Assert.Null(await identities.FindLeftSinceAsync(ProjectId.Parse("shop"), Sample.Number, Test));
        Assert.NotNull(await identities.FindLeftSinceAsync(ProjectId.Parse("shop"), _other, Test));
        // Its time runs from when it was left.
        Assert.Equal(0, await verified.RemoveAsync(Sample.Now.AddDays(60), 10, Test));
        Assert.NotNull(await identities.FindLeftSinceAsync(ProjectId.Parse("shop"), _other, Test));
        Assert.Equal(1, await verified.RemoveAsync(Sample.Now.AddDays(61), 10, Test));
        Assert.Null(await identities.FindLeftSinceAsync(ProjectId.Parse("shop"), _other, Test));
    }

    [Fact]
    public async Task The_time_of_a_number_that_was_left_before_the_upgrade_runs_from_then_too()
    {
        var identities = new IdentityStore(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);
        var verified = new VerifiedNumberStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);
        var person = await identities.ObtainAsync(ProjectId.Parse("shop"), Sample.Number, Sample.Now, Test);
        await identities.ObtainAsync(ProjectId.Parse("shop"), _other, Sample.Now, Test);
        await identities.LeaveNumberAsync(ProjectId.Parse("shop"), person.Id, Sample.Now.AddDays(60), Test);
        await verified.RecordAsync(ProjectId.Parse("shop"), _other, Sample.Now.AddMinutes(1), Test);
        await Fixture.ExecuteAsync("ALTER TABLE verified_numbers DROP COLUMN left_at");
        await Fixture.ExecuteAsync("DELETE FROM schemaversions WHERE scriptname LIKE '%0018-left-numbers-kept%'");

        Fixture.Database.Migrate();

        Assert.Equal(1, await verified.RemoveAsync(Sample.Now.AddDays(60), 10, Test));
        Assert.Null(await verified.FindAsync(ProjectId.Parse("shop"), _other, Test));
        Assert.NotNull(await identities.FindLeftSinceAsync(ProjectId.Parse("shop"), Sample.Number, Test));
        Assert.Equal(1, await verified.RemoveAsync(Sample.Now.AddDays(61), 10, Test));
        Assert.Null(await identities.FindLeftSinceAsync(ProjectId.Parse("shop"), Sample.Number, Test));
    }

    private static ImportPlan Plan(string source = "crm", string[]? columns = null) => new(
        SourceName.Parse(source), ImportFormat.Csv, columns ?? ["phone", "given_name", "family_name", "birthdate"],
        Projects: [Sample.Shop]);

    private async Task<RecordImport> BeginAsync(
        bool allOrNothing = false, bool dryRun = false, string source = "crm", string[]? columns = null)
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        return Assert.IsType<BegunImport.Begun>(await Imports.BeginAsync(
            Plan(source, columns) with { IsAllOrNothing = allOrNothing, IsDryRun = dryRun }, 1, Test)).Import;
    }

    private async Task<RecordImport> CommitAsync(RecordImport import) =>
        Assert.IsType<EndedImport.Ended>(await Imports.CommitAsync(import.Id, Test)).Import;

    private Task<PieceOutcome> TakeAsync(RecordImport import, string text, long firstLine) =>
        Imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes(text), firstLine, Test);

    private async Task<ImportCounts> ImportAsync(string text, string[]? columns = null, string source = "crm")
    {
        var import = await BeginAsync(source: source, columns: columns);
        Assert.IsType<PieceOutcome.Taken>(await TakeAsync(import, text, 1));
        return (await CommitAsync(import)).Counts;
    }

    private async Task CatchUpAsync()
    {
        while (await Imports.CatchUpAsync(1, Test))
        {
            // One row at a time.
        }
    }

    private Task<IReadOnlyList<KeptRecord>> FindAsync() => Records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test);

    private async Task<string[]> FamiliesAsync() =>
        [.. (await FindAsync()).Select(kept => kept.Record.Person.Name!.Family).Order(StringComparer.Ordinal)];
}

public sealed class PersonRecordStoreOnSqlite(SqliteFixture fixture) : PersonRecordStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PersonRecordStoreOnPostgres(PostgresFixture fixture)
    : PersonRecordStoreContract(fixture), IClassFixture<PostgresFixture>;
