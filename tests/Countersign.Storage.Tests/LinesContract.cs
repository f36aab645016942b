using System.Text;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>What becomes of rows that a former version stored under numbers as they were typed.</summary>
public abstract class LinesContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const string British = "+447400123456";
    private const string BritishTyped = "+4407400123456";

    private static readonly PhoneNumber _british = PhoneNumber.Parse(British);
    private static readonly PhoneNumber _britishTyped = PhoneNumber.Parse(BritishTyped);

    private static readonly FormerPlan _formerPlan = new();

    private IdentityStore Identities => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);

    private IdentityStore FormerIdentities => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, _formerPlan, Fixture.Rows, Fixture.Lines);

    private DeviceStore Devices => new(Fixture.Database, Fixture.Rows, new EventOutbox(Fixture.Sealer), TimeProvider.System);

    private PersonRecordStore Records => new(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines);

    private NumberHashes Hashes => IdentityStore.HashesOf(Fixture.Hasher, Fixture.Hashes, Fixture.Plan);

    private PersonRecordKeys Keys => new(Fixture.Hasher, Fixture.Hashes, Fixture.Plan);

    public static TheoryData<string, string[]> Lines { get; } = new()
    {
        { British, [BritishTyped] },
        { "+12025550142", ["+112025550142"] },
        { "+5491123456789", ["+54111523456789", "+540111523456789", "+54091123456789"] },
        { "+79161234567", ["+789161234567"] },
        { "+36201234567", ["+3606201234567"] },
        { "+61412345678", ["+610412345678"] },
        { "+525512345678", ["+5215512345678"] },
        // Prefixes that are former or optional, and codes of carriers: Belarus, Lithuania, Colombia, Brazil, Bolivia.
        { "+375294911911", ["+3750294911911", "+37580294911911"] },
        { "+37061234567", ["+370861234567", "+370061234567"] },
        { "+573211234567", ["+57053211234567"] },
        { "+551123456789", ["+55901123456789", "+550311123456789", "+550991123456789"] },
        { "+59171234567", ["+59101971234567"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Before_and_after_it_is_moved_an_identity_is_found_by_every_form_and_keeps_its_id(string form, string[] typed)
    {
        foreach (var text in typed)
        {
            var project = ProjectId.Parse($"shop{text[1..]}");
            var kept = await FormerIdentities.EnrolAsync(project, PhoneNumber.Parse(text), new IdentityDetails(text), Sample.Now, Test);
            await LeaveAsFormerAsync();

            var before = await Identities.FindAsync(project, PhoneNumber.Parse(form), Test);
            var counts = await CatchUpAsync();
            var after = await Identities.FindAsync(project, PhoneNumber.Parse(form), Test);
            var obtained = await Identities.ObtainAsync(project, PhoneNumber.Parse(text), Sample.Now, Test);

            Assert.Equal((kept.Id, kept.Id, kept.Id), (before!.Id, after!.Id, obtained.Id));
            Assert.Equal((form, form), (before.Number.E164, after.Number.E164));
            Assert.Equal(text, after.Details.NumberAsGiven);
            Assert.Equal(counts.Looked, counts.Moved);
        }
        Assert.Equal(0, (await CatchUpAsync()).Looked);
    }

    [Theory]
    [InlineData(BritishTyped, British)]
    [InlineData(British, BritishTyped)]
    public async Task Of_two_identities_of_one_line_the_older_stays_and_answers_to_both_ids(string older, string younger)
    {
        var first = await FormerIdentities.EnrolAsync(
            ProjectId.Parse("shop"), PhoneNumber.Parse(older),
            new IdentityDetails(older, "customer-1", "human-1", Facts: [Fact("city", "Leeds")]), Sample.Now, Test);
        var second = await FormerIdentities.EnrolAsync(
            ProjectId.Parse("shop"), PhoneNumber.Parse(younger), new IdentityDetails(younger, "customer-2", Facts: [Fact("city", "York")]),
            Sample.Now.AddDays(1), Test);
        var elsewhere = await FormerIdentities.EnrolAsync(ProjectId.Parse("bank"), _britishTyped, new IdentityDetails(), Sample.Now, Test);
        var (device, other) = (Device(first.Id), Device(second.Id));
        await Devices.AddAsync(device, Test);
        await Devices.AddAsync(other, Test);
        await LeaveAsFormerAsync();

        var counts = await CatchUpAsync();

        Assert.Equal((2, 1), (counts.Moved, counts.Joined));
        Assert.Equal(2, await Fixture.CountAsync("identities"));
        var byFormer = await Identities.FindAsync(ProjectId.Parse("shop"), second.Id, Test);
        Assert.Equal((first.Id, first.Id), (byFormer!.Id, (await Identities.FindAsync(ProjectId.Parse("shop"), first.Id, Test))!.Id));
        Assert.Equal(
            (first.Id, first.Id),
            ((await Identities.FindAsync(ProjectId.Parse("shop"), _british, Test))!.Id,
                (await Identities.FindAsync(ProjectId.Parse("shop"), _britishTyped, Test))!.Id));
        Assert.Equal((younger, "customer-2", "human-1"),
            (byFormer.Details.NumberAsGiven, byFormer.Details.ClientCustomerId, byFormer.Details.ClientHumanId));
        Assert.Equal(["York", "Leeds"], byFormer.Details.Facts!.Select(fact => fact.Value));
        Assert.Equal([first.Id, first.Id],
            new[] { (await Devices.FindAsync(device.Id, Test))!.IdentityId, (await Devices.FindAsync(other.Id, Test))!.IdentityId });
        Assert.Equal([first.Id],
            (await Identities.ListAsync(ProjectId.Parse("shop"), null, 100, withInactive: true, Test)).Select(identity => identity.Id));
        Assert.Equal(elsewhere.Id, (await Identities.FindAsync(ProjectId.Parse("bank"), _british, Test))!.Id);
        Assert.Null(await Identities.FindAsync(ProjectId.Parse("bank"), second.Id, Test));
    }

    [Fact]
    public async Task The_former_id_activates_ties_and_removes_as_the_one_that_stayed()
    {
        var first = await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), _britishTyped, Sample.Now, Test);
        var second = await FormerIdentities.EnrolAsync(
            ProjectId.Parse("shop"), _british, new IdentityDetails(British), Sample.Now.AddDays(1), Test);
        await LeaveAsFormerAsync();
        await CatchUpAsync();
        var device = Device(null);
        await Devices.AddAsync(device, Test);

        var isDeactivated = await Identities.SetActiveAsync(ProjectId.Parse("shop"), second.Id, isActive: false, Test);
        var standing = (await Identities.FindAsync(ProjectId.Parse("shop"), first.Id, Test))!.Status;
        var isTied = await Devices.TryBindAsync(device.Id, null, second.Id, Test);
        var tiedTo = (await Devices.FindAsync(device.Id, Test))!.IdentityId;
        var isOfAnother = await Identities.RemoveAsync(ProjectId.Parse("bank"), second.Id, Sample.Now, Test);
        var isRemoved = await Identities.RemoveAsync(ProjectId.Parse("shop"), second.Id, Sample.Now, Test);

        Assert.Equal((true, IdentityStatus.Inactive, true, first.Id), (isDeactivated, standing, isTied, tiedTo));
        Assert.Equal((false, true), (isOfAnother, isRemoved));
        Assert.Null(await Identities.FindAsync(ProjectId.Parse("shop"), first.Id, Test));
        Assert.Null(await Identities.FindAsync(ProjectId.Parse("shop"), second.Id, Test));
        Assert.Null((await Devices.FindAsync(device.Id, Test))!.IdentityId);
        Assert.Equal((0, 0), (await Fixture.CountAsync("identities"), await Fixture.CountAsync("identity_aliases")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_a_node_of_the_former_version_tied_to_the_former_id_is_the_persons_too(bool isRemoved)
    {
        var first = await FormerIdentities.EnrolAsync(ProjectId.Parse("shop"), _britishTyped, new IdentityDetails(), Sample.Now, Test);
        var second = await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), _british, Sample.Now.AddDays(1), Test);
        await LeaveAsFormerAsync();
        await CatchUpAsync();
        var late = Device(second.Id);
        var passkey = new Passkey([7], [1], $"{late.Id:D}", 0, IsBackupEligible: true, IsBackedUp: true, []);
        var passkeys = new PasskeyStore(Fixture.Database, Fixture.Sealer, Fixture.Rows);
        await passkeys.TryAddAsync(late, "shop.example", passkey, Test);

        var ofFirst = (await Devices.HasAnyAsync(first.Id, default, Test),
            (await passkeys.OfIdentityAsync(ProjectId.Parse("shop"), "shop.example", first.Id, default, 5, Test)).Count);
        await (isRemoved ? Identities.RemoveAsync(ProjectId.Parse("shop"), first.Id, Sample.Now, Test)
            : Identities.LeaveNumberAsync(ProjectId.Parse("shop"), first.Id, Sample.Now, Test));

        Assert.Equal((true, 1), ofFirst);
        Assert.Null((await Devices.FindAsync(late.Id, Test))!.IdentityId);
        Assert.False(await Devices.HasAnyAsync(first.Id, default, Test));
    }

    [Fact]
    public async Task A_line_that_was_kept_in_four_forms_ends_as_its_oldest_identity()
    {
        string[] forms = ["+54111523456789", "+5491123456789", "+540111523456789", "+54091123456789"];
        var ids = new List<Guid>();
        foreach (var (i, text) in forms.Index())
        {
            ids.Add((await FormerIdentities.ObtainAsync(
                ProjectId.Parse("shop"), PhoneNumber.Parse(text), Sample.Now.AddDays(-i), Test)).Id);
        }
        await LeaveAsFormerAsync();

        await CatchUpAsync();
        await CatchUpAsync();

        Assert.Equal((1, 3), (await Fixture.CountAsync("identities"), await Fixture.CountAsync("identity_aliases")));
        foreach (var id in ids)
        {
            Assert.Equal(ids[^1], (await Identities.FindAsync(ProjectId.Parse("shop"), id, Test))!.Id);
        }
    }

    [Fact]
    public async Task Many_nodes_at_once_lose_no_id_and_no_enrolment_that_comes_between()
    {
        const int lines = 60;
        var ids = new List<(Guid Id, PhoneNumber Number)>();
        for (var i = 0; i < lines; i++)
        {
            foreach (var text in (string[])[$"+4474001234{i:00}", $"+44074001234{i:00}"])
            {
                var number = PhoneNumber.Parse(text);
                ids.Add(((await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), number, Sample.Now.AddSeconds(ids.Count), Test)).Id,
                    Fixture.Plan.FormOf(number)));
            }
        }
        await LeaveAsFormerAsync();
        await using var second = Fixture.Open();

        await Task.WhenAll(
            Task.Run(() =>
                new IdentityLines(Fixture.Database, Fixture.Sealer, Hashes, Fixture.Rows, Fixture.Lines).CatchUpAsync(7, Test), Test),
            Task.Run(() =>
                new IdentityLines(second, Fixture.Sealer, Hashes, Fixture.Rows, Fixture.Lines).CatchUpAsync(11, Test), Test),
            Task.Run(
                async () =>
                {
                    foreach (var (_, number) in ids)
                    {
                        await Identities.EnrolAsync(
                            ProjectId.Parse("shop"), number, new IdentityDetails(ClientCustomerId: number.E164), Sample.Now, Test);
                    }
                },
                Test));
        await CatchUpAsync();
        await CatchUpAsync();

        Assert.Equal((lines, lines), (await Fixture.CountAsync("identities"), await Fixture.CountAsync("identity_aliases")));
        foreach (var (id, number) in ids)
        {
            var found = (await Identities.FindAsync(ProjectId.Parse("shop"), id, Test))!;
            Assert.Equal((number, IdentityStatus.Active, number.E164), (found.Number, found.Status, found.Details.ClientCustomerId));
        }
    }

    [Fact]
    public async Task A_row_that_cannot_be_opened_keeps_no_other_waiting()
    {
        await FormerIdentities.ObtainAsync(ProjectId.Parse("broken"), _britishTyped, Sample.Now, Test);
        await Fixture.ExecuteAsync("UPDATE identities SET body = id");
        await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), _britishTyped, Sample.Now.AddDays(1), Test);
        await LeaveAsFormerAsync();

        var counts = await CatchUpAsync();

        Assert.Equal((2, 1, 1), (counts.Looked, counts.Moved, counts.Unreadable));
        Assert.NotNull(await Identities.FindAsync(ProjectId.Parse("shop"), _british, Test));
    }

    [Fact]
    public async Task Rows_that_cannot_be_opened_are_told_once_and_again_when_there_are_more()
    {
        var logs = new LogLines();
        using var factory = new LoggerFactory([logs]);
        using var upkeep = new LineUpkeep(
            new IdentityLines(Fixture.Database, Fixture.Sealer, Hashes, Fixture.Rows, Fixture.Lines),
            new RecordLines(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines),
            new BareRows(Fixture.Database, TimeProvider.System), TimeProvider.System, factory.CreateLogger<LineUpkeep>());
        for (var broken = 1; broken <= 2; broken++)
        {
            await FormerIdentities.ObtainAsync(ProjectId.Parse($"shop{broken}"), _britishTyped, Sample.Now, Test);
            await Fixture.ExecuteAsync("UPDATE identities SET body = id");
            await LeaveAsFormerAsync();
            await upkeep.CatchUpAsync(Test);
            await upkeep.CatchUpAsync(Test);
        }

        Assert.Equal(
            ["The form of stored numbers: 1 identities cannot be read and stay as they are",
                "The form of stored numbers: 2 identities cannot be read and stay as they are"],
            logs.All.Where(line => line.Event.Id == 1721).Select(line => line.Text));
    }

    [Fact]
    public async Task An_identity_that_was_taken_away_from_its_number_is_not_brought_back_to_it()
    {
        var left = await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), _britishTyped, Sample.Now, Test);
        await Fixture.ExecuteAsync("UPDATE identities SET number_hash = id");
        await LeaveAsFormerAsync();

        var counts = await CatchUpAsync();
        var next = await Identities.ObtainAsync(ProjectId.Parse("shop"), _british, Sample.Now, Test);

        Assert.Equal((1, 0, 0), (counts.Looked, counts.Moved, counts.Joined));
        Assert.NotEqual(left.Id, next.Id);
        Assert.Equal(left.Id, (await Identities.FindAsync(ProjectId.Parse("shop"), left.Id, Test))!.Id);
    }

    [Fact]
    public async Task A_linked_project_finds_the_person_whatever_form_either_keeps()
    {
        var domains = new DomainStore(Fixture.Database);
        await domains.RequestAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), LinkScopes.Identities, Sample.Now, Test);
        await domains.AcceptAsync(ProjectId.Parse("shop"), ProjectId.Parse("bank"), null, Sample.Now, Test);
        var ofBank = await FormerIdentities.EnrolAsync(ProjectId.Parse("bank"), _britishTyped, new IdentityDetails(), Sample.Now, Test);
        await LeaveAsFormerAsync();

        var before = await Identities.ListLinkedAsync(ProjectId.Parse("shop"), _british, LinkScopes.Identities, Test);
        await CatchUpAsync();
        var after = await Identities.ListLinkedAsync(ProjectId.Parse("shop"), _british, LinkScopes.Identities, Test);

        Assert.Equal((ofBank.Id, ofBank.Id), (Assert.Single(before).Id, Assert.Single(after).Id));
    }

    [Fact]
    public async Task A_project_goes_with_the_ids_that_were_joined()
    {
        await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), _britishTyped, Sample.Now, Test);
        await FormerIdentities.ObtainAsync(ProjectId.Parse("shop"), _british, Sample.Now, Test);
        await LeaveAsFormerAsync();
        await CatchUpAsync();

        await Fixture.Projects.RemoveProjectAsync(
            ProjectId.Parse("shop"), Test);

        Assert.Equal(0, await Fixture.CountAsync("identity_aliases"));
    }

    [Fact]
    public async Task A_record_is_found_by_every_form_before_and_after_it_is_moved_and_the_same_import_changes_nothing()
    {
        await ImportFormerlyAsync($"{BritishTyped},Lori,Montgomery\n");

        var before = await Records.FindAsync(_british, Sample.Shop, Sample.Now, Test);
        var counts = await CatchUpRecordsAsync();
        var after = await Records.FindAsync(_british, Sample.Shop, Sample.Now, Test);
        var again = await ImportAsync("+44 (0)7400 123456,Lori,Montgomery\n");

        Assert.Equal(("Lori", "Lori"), (Assert.Single(before).Record.Person.Name!.Given, Assert.Single(after).Record.Person.Name!.Given));
        Assert.Equal((1, British), (counts.Moved, after[0].Record.Number.E164));
        Assert.Equal(new ImportCounts(Unchanged: 1), again);
        Assert.Equal(0, (await CatchUpRecordsAsync()).Looked);
    }

    [Theory]
    [InlineData(BritishTyped, British)]
    [InlineData(British, BritishTyped)]
    public async Task Of_one_record_in_two_forms_the_later_import_s_stays(string earlier, string later)
    {
        await ImportFormerlyAsync($"{earlier},Lori,Smith,7\n");
        await ImportFormerlyAsync($"{later},Lori,Montgomery,7\n");
        await ImportFormerlyAsync($"{later},Peter,Montgomery,8\n");

        var counts = await CatchUpRecordsAsync();

        Assert.Equal(1, counts.Joined);
        Assert.Equal(
            ["Lori Montgomery", "Peter Montgomery"],
            (await Records.FindAsync(_british, Sample.Shop, Sample.Now, Test)).Select(kept =>
                $"{kept.Record.Person.Name!.Given} {kept.Record.Person.Name.Family}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_erases_a_number_erases_all_its_forms()
    {
        await ImportFormerlyAsync($"{BritishTyped},Lori,Montgomery\n{British},Peter,Montgomery\n");

        var removed = await Records.RemoveAsync(_british, Test);

        Assert.Equal((2, 0), (removed, await Fixture.CountAsync("person_records")));
    }

    [Fact]
    public async Task A_line_that_is_written_with_former_prefixes_is_imported_as_today_s()
    {
        await ImportAsync("+5215512345678,Lori,Montgomery\n+54 9 11 15 2345-6789,Peter,Montgomery\n");

        Assert.Equal(
            "Lori",
            Assert.Single(await Records.FindAsync(PhoneNumber.Parse("+525512345678"), Sample.Shop, Sample.Now, Test))
                .Record.Person.Name!.Given);
        Assert.Equal("Peter",
            Assert.Single(await Records.FindAsync(PhoneNumber.Parse("+5491123456789"), Sample.Shop, Sample.Now, Test))
                .Record.Person.Name!.Given);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Who_said_stop_in_a_former_form_is_obeyed_and_can_say_start(string form, string[] typed)
    {
        var former = new SuppressionStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, _formerPlan, Fixture.Lines);
        var present = new SuppressionStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);
        foreach (var text in typed)
        {
            await former.SuppressAsync(PhoneNumber.Parse(text), "MyBrand", Sample.Now, Test);
            await new FormerVersion(Fixture).LeaveAsync(PhoneNumber.Parse(text));

            Assert.True(await present.IsSuppressedAsync(PhoneNumber.Parse(form), "MyBrand", Test));
            Assert.True(await present.IsSuppressedAsync(PhoneNumber.Parse(form), null, Test));

            await present.LiftAsync(PhoneNumber.Parse(form), "MyBrand", Test);

            Assert.False(await present.IsSuppressedAsync(PhoneNumber.Parse(text), "MyBrand", Test));
        }
        Assert.Equal(0, await Fixture.CountAsync("suppressions"));
    }

    [Fact]
    public async Task The_last_day_of_a_line_counts_whatever_form_it_was_noted_in()
    {
        var former = new VerifiedNumberStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, _formerPlan, Fixture.Lines);
        var present = new VerifiedNumberStore(Fixture.Database, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Lines);
        await former.RecordAsync(ProjectId.Parse("shop"), _britishTyped, Sample.Now, Test);
        await new FormerVersion(Fixture).LeaveAsync(_britishTyped);

        var first = await present.FindAsync(ProjectId.Parse("shop"), _british, Test);
        await present.RecordAsync(ProjectId.Parse("shop"), _britishTyped, Sample.Now.AddDays(1), Test);
        var second = await present.FindAsync(ProjectId.Parse("shop"), _british, Test);

        Assert.Equal(
            (Sample.Now.ToUnixTimeMilliseconds(), Sample.Now.AddDays(1).ToUnixTimeMilliseconds()),
            (first!.Value.ToUnixTimeMilliseconds(), second!.Value.ToUnixTimeMilliseconds()));
    }

    private Task<LineCounts> CatchUpAsync() =>
        new IdentityLines(Fixture.Database, Fixture.Sealer, Hashes, Fixture.Rows, Fixture.Lines).CatchUpAsync(2, Test);

    private Task<LineCounts> CatchUpRecordsAsync() =>
        new RecordLines(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines).CatchUpAsync(2, Test);

    /// <summary>The former version knew nothing of the column.</summary>
    private async Task LeaveAsFormerAsync()
    {
        await new FormerVersion(Fixture).LeaveAsync();
        await Fixture.ExecuteAsync("UPDATE identities SET number_form = 0");
        await Fixture.ExecuteAsync("UPDATE person_records SET number_form = 0");
    }

    private async Task ImportFormerlyAsync(string text)
    {
        await ImportAsync(
            text,
            new ImportStore(
                Fixture.Database, Fixture.Sealer, new PersonRecordKeys(Fixture.Hasher, Fixture.Hashes, _formerPlan), Fixture.Lines),
            new FormerReader());
        await LeaveAsFormerAsync();
    }

    private Task<ImportCounts> ImportAsync(string text) =>
        ImportAsync(text, new ImportStore(Fixture.Database, Fixture.Sealer, Keys, Fixture.Lines), new NumberReader());

    private async Task<ImportCounts> ImportAsync(string text, ImportStore store, INumberReader reader)
    {
        var imports = new RecordImports(store, new RecordSourceStore(Fixture.Database), reader, new FakeTimeProvider(Sample.Now));
        await Fixture.AddProjectAsync(Sample.Shop);
        string[] columns = ["phone", "given_name", "family_name", "record_id"];
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, [.. columns.Take(text.Split('\n')[0].Count(c => c == ',') + 1)],
            Projects: [Sample.Shop]);
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, Test)).Import;
        Assert.IsType<PieceOutcome.Taken>(await imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes(text), 1, Test));
        return Assert.IsType<EndedImport.Ended>(await imports.CommitAsync(import.Id, Test)).Import.Counts;
    }

    private static IdentityFact Fact(string type, string value) => new(Guid.CreateVersion7(Sample.Now), type, value);

    private static Device Device(Guid? identity) =>
        new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key", [1, 2, 3], Sample.Now, identity);

    /// <summary>Numbers as the former version kept them: by their shape.</summary>
    private sealed class FormerPlan : INumberPlan
    {
        public PhoneNumber? Read(string text) => PhoneNumber.TryParse(text, out var number) ? number : null;

        public PhoneNumber FormOf(PhoneNumber number) => number;

        public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => [];

        public string? CountryOf(PhoneNumber number) => null;
    }

    private sealed class FormerReader : INumberReader
    {
        public bool Knows(string country) => false;

        public string? ProblemOfBeginning(string beginning) => throw new NotSupportedException();

        public string? Read(string text, string? country, out PhoneNumber number) =>
            PhoneNumber.TryParse(text, out number) ? null : "is no number";
    }
}

public sealed class LinesOnSqlite(SqliteFixture fixture) : LinesContract(fixture), IClassFixture<SqliteFixture>;

public sealed class LinesOnPostgres(PostgresFixture fixture) : LinesContract(fixture), IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("remove")]
    [InlineData("deactivate")]
    [InlineData("leave")]
    public async Task A_change_that_comes_while_another_node_joins_two_identities_finds_the_one_that_stayed(string change)
    {
        var identities = new IdentityStore(
            Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, Fixture.Lines);
        var devices = new DeviceStore(Fixture.Database, Fixture.Rows, new EventOutbox(Fixture.Sealer), TimeProvider.System);
        var stays = await identities.EnrolAsync(ProjectId.Parse("shop"), Sample.Number, new IdentityDetails(), Sample.Now, Test);
        var goes = await identities.EnrolAsync(
            ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550143"), new IdentityDetails(), Sample.Now, Test);
        var device = new Device(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key", [1, 2, 3], Sample.Now, goes.Id);
        await devices.AddAsync(device, Test);
        await using var other = Fixture.Connect();
        await other.OpenAsync(Test);
        await using var join = await other.BeginTransactionAsync(Test);
        foreach (var step in (string[])
            [
                "UPDATE identities SET number_form = number_form",
                "INSERT INTO identity_aliases (id, project_id, identity_id) VALUES (@goes, 'shop', @stays)",
                "UPDATE devices SET identity_id = @stays WHERE identity_id = @goes",
                "DELETE FROM identities WHERE id = @goes",
            ])
        {
            await ExecuteAsync(step);
        }

        var changing = change switch
        {
            "remove" => identities.RemoveAsync(ProjectId.Parse("shop"), goes.Id, Sample.Now, Test),
            "deactivate" => identities.SetActiveAsync(ProjectId.Parse("shop"), goes.Id, isActive: false, Test),
            _ => identities.LeaveNumberAsync(ProjectId.Parse("shop"), goes.Id, Sample.Now, Test),
        };
        while (!changing.IsCompleted && await ExecuteAsync(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = "
                + "current_database())") is 0L)
        {
            // It is on its way.
        }
        await join.CommitAsync(Test);

        Assert.True(await changing);
        await Fixture.SealRowsAsync();
        var found = await identities.FindAsync(ProjectId.Parse("shop"), stays.Id, Test);
        Assert.Equal(
            change switch { "remove" => (null, null), "deactivate" => (IdentityStatus.Inactive, true),
                _ => ((IdentityStatus?)IdentityStatus.Inactive, (bool?)false) },
            (found?.Status, found?.HoldsNumber));
        Assert.Equal(change == "deactivate" ? stays.Id : null, (await devices.FindAsync(device.Id, Test))!.IdentityId);

        async Task<object?> ExecuteAsync(string sql)
        {
            await using var command = (Npgsql.NpgsqlCommand)other.CreateCommand();
            command.Transaction = (Npgsql.NpgsqlTransaction)join;
            command.CommandText = sql;
            command.Parameters.AddWithValue("stays", stays.Id.ToByteArray(bigEndian: true));
            command.Parameters.AddWithValue("goes", goes.Id.ToByteArray(bigEndian: true));
            return await command.ExecuteScalarAsync(Test);
        }
    }
}
