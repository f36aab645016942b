using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Receipts;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>What is held of a line in all tables there are: listed, and erased.</summary>
public abstract class PersonStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _lori = Sample.Number;
    private static readonly PhoneNumber _peter = PhoneNumber.Parse("+12025550143");

    private Stores Stores => new(Fixture, StoreFixture.Ring);

    private PersonStore Persons => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Stores.RecordKeys, Fixture.Lines);

    private LineSecrets Secrets => new(Stores.Pseudonyms, Fixture.Lines, Fixture.Keys);

    [Fact]
    public async Task Every_table_is_in_the_inventory_and_every_class_has_a_table()
    {
        var there = await TablesAsync();

        Assert.Equal(there, Inventory.Tables.Select(table => table.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            DataClass.All.Select(of => of.Name).Order(StringComparer.Ordinal),
            Inventory.Tables.Select(table => table.Class?.Name).OfType<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_a_line_that_was_erased_no_table_has_a_row_and_of_another_each_has_all()
    {
        var lori = await LiveAsync(_lori);
        var loris = await CountAsync();
        var peter = await LiveAsync(_peter);
        var both = await CountAsync();

        var erased = await EraseAsync(_lori, lori);

        // Whoever adds a table to the inventory has a row put into it here, or this says which it was.
        Assert.Equal([], loris.Where(table => table.Value == 0).Select(table => table.Key));
        var left = await CountAsync();
        var peters = ByClass(both).Select(of => (of.Key, of.Value - ByClass(loris)[of.Key]));
        Assert.Equal(peters, ByClass(left).Select(of => (of.Key, of.Value)));
        Assert.Equal([], DataClass.All.Where(of => erased.Of(of) == 0).Select(of => of.Name));
        Assert.Equal(loris.Values.Sum(), erased.Total);
        Assert.Equal(0, (await EraseAsync(_lori, lori)).Total);
        Assert.Equal(peter.Identity, Assert.Single(await Persons.ListIdentitiesAsync(_peter, null, Test)).Id);
    }

    [Fact]
    public async Task What_is_held_of_a_line_is_listed_and_nothing_of_another()
    {
        var life = await LiveAsync(_lori);
        await LiveAsync(_peter);

        var identity = Assert.Single(await Persons.ListIdentitiesAsync(_lori, null, Test));
        var record = Assert.Single(await Persons.ListRecordsAsync(_lori, Test));
        var moments = await Persons.ListMomentsAsync(_lori, Test);

        Assert.Equal((life.Identity, "customer-7"), (identity.Id, identity.Details.ClientCustomerId));
        Assert.Equal(("Montgomery", "crm"), (record.Record.Person.Name!.Family, $"{record.Source}"));
        Assert.Equal([(Sample.Shop, false)], moments.Select(moment => (moment.Project, moment.HasLeft)));
        Assert.Equal([life.Running], await Persons.ListAnsweredAsync([life.Running, life.Over, CorrelationId.New(Sample.Now)], Test));
    }

    [Fact]
    public async Task Whoever_has_left_the_number_is_held_of_it_too()
    {
        var left = await Stores.Identities.EnrolAsync(Sample.Shop, _lori, new IdentityDetails(), Sample.Now, Test);
        var other = await Stores.Identities.EnrolAsync(Sample.Shop, _peter, new IdentityDetails(), Sample.Now, Test);
        await Stores.Identities.LeaveNumberAsync(Sample.Shop, left.Id, Sample.Now, Test);
        await Stores.Identities.LeaveNumberAsync(Sample.Shop, other.Id, Sample.Now, Test);

        var listed = Assert.Single(await Persons.ListIdentitiesAsync(_lori, null, Test));
        var moment = Assert.Single(await Persons.ListMomentsAsync(_lori, Test));
        await Persons.EraseIdentitiesAsync([listed.Id], Test);
        await Persons.EraseLineAsync(_lori, null, keepsStop: false, Test);

        Assert.Equal((left.Id, false, true), (listed.Id, listed.HoldsNumber, moment.HasLeft));
        Assert.Empty(await Persons.ListIdentitiesAsync(_lori, null, Test));
        Assert.Empty(await Persons.ListMomentsAsync(_lori, Test));
        Assert.Single(await Persons.ListIdentitiesAsync(_peter, null, Test));
    }

    [Fact]
    public async Task What_was_tied_or_signed_meanwhile_goes_when_it_is_looked_for_again()
    {
        var life = await LiveAsync(_lori);
        await EraseAsync(_lori, life);
        await Stores.Receipts.GetOrAddAsync(ReceiptOf(life.Over), Test);
        await Stores.Devices.AddAsync(
            new Device(Guid.CreateVersion7(Sample.Now), Sample.Shop, "key", [1], Sample.Now, life.Identity), Test);

        var late = await EraseAsync(_lori, life);

        Assert.Equal((1, 1, 2), (late.Of(DataClass.Receipts), late.Of(DataClass.Devices), late.Total));
    }

    [Fact]
    public async Task Who_wrote_STOP_can_be_kept_and_nothing_else_is()
    {
        var life = await LiveAsync(_lori);

        var erased = await EraseAsync(_lori, life, keepsStop: true);

        Assert.Equal(0, erased.Of(DataClass.Stops));
        Assert.True(await Stores.Suppressions.IsSuppressedAsync(_lori, "12345", Test));
        Assert.Equal(
            ["line_keys", "suppressions"], (await CountAsync()).Where(table => table.Value > 0).Select(table => table.Key));
    }

    [Fact]
    public async Task What_came_under_the_key_of_a_line_as_it_was_destroyed_is_found_by_that_key_alone()
    {
        var life = await LiveAsync(_lori);
        var (_, key) = await Secrets.DestroyAsync(_lori, null, Test);

        var unknown = await Persons.ListIdentitiesAsync(_lori, null, Test);
        var nothing = await Persons.EraseLineAsync(_lori, null, keepsStop: false, Test);
        var late = await Persons.ListIdentitiesAsync(_lori, key, Test);
        var erased = await Persons.EraseLineAsync(_lori, key, keepsStop: false, Test);

        Assert.Empty(unknown);
        Assert.Equal(life.Identity, Assert.Single(late).Id);
        DataClass[] ofLine = [DataClass.Records, DataClass.Verified, DataClass.Stops, DataClass.Abuse];
        Assert.All(ofLine, of => Assert.Equal((0, 1), (nothing.Of(of), erased.Of(of))));
    }

    [Fact]
    public async Task That_somebody_wrote_STOP_is_known_at_every_moment_in_which_their_key_is_replaced()
    {
        await Stores.Suppressions.SuppressAsync(_lori, "12345", Sample.Now, Test);
        var said = await Stores.Suppressions.ListAsync(_lori, 9, Test);
        var (known, nexts) = (new List<bool>(), new List<LineKey?>());

        await Stores.Suppressions.KeepAsync(_lori, ChangeAsync, Test);

        Assert.Equal([true, true], known);
        Assert.Equal(Assert.Single(nexts)!.Id, (await Fixture.Lines.FindAsync(_lori, Test))!.Id);
        Assert.Equal(said, await Stores.Suppressions.ListAsync(_lori, 9, Test));
        Assert.Equal(1, await Fixture.CountAsync("suppressions"));

        async Task<LineKey?> ChangeAsync(LineKey? next)
        {
            nexts.Add(next);
            known.Add(await Stores.Suppressions.IsSuppressedAsync(_lori, "12345", Test));
            var former = (await Secrets.DestroyAsync(_lori, next, Test)).Key;
            known.Add(await Stores.Suppressions.IsSuppressedAsync(_lori, "12345", Test));
            return former;
        }
    }

    [Fact]
    public async Task Of_a_project_its_persons_go_and_those_of_others_stay()
    {
        await LiveAsync(_lori);
        var bank = ProjectId.Parse("bank");
        await Fixture.AddProjectAsync(bank);
        var kept = await Stores.Identities.EnrolAsync(bank, _lori, new IdentityDetails(), Sample.Now, Test);

        var erased = await Persons.EraseProjectAsync(Sample.Shop, Test);

        Assert.Equal(
            (2, 2, 1, 1),
            (erased.Of(DataClass.Identities), erased.Of(DataClass.Devices), erased.Of(DataClass.Verified), erased.Of(DataClass.Audit)));
        Assert.Equal(kept.Id, Assert.Single(await Persons.ListIdentitiesAsync(_lori, null, Test)).Id);
        Assert.NotNull(await Stores.Projects.FindProjectAsync(Sample.Shop, Test));
    }

    [Fact]
    public async Task A_person_that_was_erased_from_an_entry_which_waits_does_not_come_back_with_its_end()
    {
        var (writer, subject) = (new AuditWriter(Stores.Audit, TimeProvider.System, new NoJournal()), SubjectOf(_lori));
        var begun = await writer.BeginAsync(Act("findFlows") with { Subject = subject });

        await Stores.Audit.EraseAsync(subject, null, Test);
        await writer.EndAsync(begun, begun.Act with { Outcome = AuditOutcome.Done, Status = 200 });

        var waiting = Assert.Single(await Stores.Audit.ListWaitingAsync(DateTimeOffset.MaxValue, 9, Test));
        Assert.Equal((AuditOutcome.Done, (AuditSubject?)null), (waiting.Act.Outcome, waiting.Act.Subject));
    }

    [Fact]
    public async Task Rows_from_before_lines_had_keys_are_told_from_those_that_copies_cannot_open()
    {
        var life = await LiveAsync(_lori);
        await Stores.Verified.RecordAsync(Sample.Shop, _lori, Sample.Now, Test);
        DataClass[] classes = [DataClass.Identities, DataClass.Records, DataClass.Verified, DataClass.Stops, DataClass.Abuse];

        var bound = await EraseAsync(_lori, life);
        life = await LiveAsync(_lori);
        await new FormerVersion(Fixture).LeaveAsync(_lori);
        var bare = await EraseAsync(_lori, life);

        Assert.All(classes, of => Assert.True(bound.Of(of) > 0 && !bound.HadBare(of), of.Name));
        Assert.All(classes, of => Assert.True(bare.Of(of) > 0 && bare.HadBare(of), of.Name));
        Assert.False(bare.HadBare(DataClass.Flows));
    }

    [Fact]
    public async Task In_a_store_that_is_new_no_class_has_rows_from_before_lines_had_keys_and_so_it_stays()
    {
        var (time, began) = (new FakeTimeProvider(Sample.Now), AtMilliseconds(Sample.Now));
        var bare = new BareRows(Fixture.Database, time);

        var first = await bare.AbsentSinceAsync(ErasureOf.Number, Test);
        time.Advance(TimeSpan.FromHours(1));
        await LiveAsync(_lori);
        await Stores.Verified.RecordAsync(Sample.Shop, _lori, time.GetUtcNow(), Test);

        Assert.Equal(DataClass.All.Where(of => of.MayBeBare), first.Keys);
        Assert.All(first.Values, since => Assert.Equal(began, since));
        Assert.Equal(first, await new BareRows(Fixture.Database, time).AbsentSinceAsync(ErasureOf.Number, Test));
    }

    [Fact]
    public async Task Of_a_class_that_had_rows_from_before_lines_had_keys_copies_are_good_from_when_the_last_was_gone()
    {
        DataClass[] classes = [.. DataClass.All.Where(of => of.MayBeBare)];
        var life = await LiveAsync(_lori);
        await new FormerVersion(Fixture).LeaveAsync(_lori);
        var time = new FakeTimeProvider(Sample.Now.AddHours(1));
        var bare = new BareRows(Fixture.Database, time);
        Assert.Equal([], (await bare.AbsentSinceAsync(ErasureOf.Number, Test)).Keys);

        // What is said again comes under the line's key; what is stored since is no reason to wait, however old it is.
        await Stores.Suppressions.SuppressAsync(_lori, "12345", time.GetUtcNow(), Test);
        await Stores.Verified.RecordAsync(Sample.Shop, _lori, time.GetUtcNow(), Test);
        await Stores.Identities.LeaveNumberAsync(Sample.Shop, life.Identity, time.GetUtcNow(), Test);
        Assert.Equal([DataClass.Verified, DataClass.Stops], (await bare.AbsentSinceAsync(ErasureOf.Number, Test)).Keys);
        await Fixture.ExecuteAsync("DELETE FROM abuse_entries");
        await Fixture.ExecuteAsync("DELETE FROM audit_entries");
        time.Advance(TimeSpan.FromDays(1));
        var some = await bare.AbsentSinceAsync(ErasureOf.Number, Test);
        await Fixture.ExecuteAsync("DELETE FROM audit_waiting");
        await Fixture.ExecuteAsync("UPDATE identities SET number_form = 2");
        await Fixture.ExecuteAsync("UPDATE person_records SET number_form = 2");
        time.Advance(TimeSpan.FromDays(1));
        var all = await bare.AbsentSinceAsync(ErasureOf.Number, Test);

        Assert.Equal([DataClass.Verified, DataClass.Stops, DataClass.Abuse], some.Keys);
        Assert.Equal(AtMilliseconds(Sample.Now.AddHours(1)), some[DataClass.Stops]);
        Assert.Equal(AtMilliseconds(Sample.Now.AddHours(25)), some[DataClass.Abuse]);
        Assert.Equal(classes, all.Keys);
        Assert.Equal((some[DataClass.Abuse], AtMilliseconds(time.GetUtcNow())), (all[DataClass.Abuse], all[DataClass.Audit]));
    }

    private static DateTimeOffset AtMilliseconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    /// <summary>All that a person leaves in a store.</summary>
    private async Task<Life> LiveAsync(PhoneNumber line)
    {
        var (running, over) = (FlowOf(line, Sample.Now), FlowOf(line, Sample.Now.AddHours(-2)));
        var answer = Encoding.UTF8.GetBytes($$"""{"authToken":"a","correlationId":"{{running.Id}}"}""");
        var call = new KeyedCall(
            new SecretHash(RandomNumberGenerator.GetHexString(64, lowercase: true)), Sample.Hash(2), Sample.Now.AddSeconds(-2),
            DateTimeOffset.UnixEpoch);
        Assert.Null(await Stores.Flows.AddAsync(running, new KeyedAnswer(call, answer), Test));
        Assert.True(await Stores.Flows.TrySaveAsync(new Decision(running, Sample.Text(running, to: line)), Test));
        await TellAsync(running);
        var pseudonym = (await Stores.Pseudonyms.ObtainAsync([line], Sample.Now, Test))[line];
        await Stores.Outcomes.AddAsync([Outcome.Of(over, [], "US", null) with { Line = pseudonym }], Test);
        await Stores.Receipts.GetOrAddAsync(ReceiptOf(over.Id), Test);
        var identity = await LiveAsPersonAsync(line);
        await Stores.Suppressions.SuppressAsync(line, "12345", Sample.Now, Test);
        await CountTextsAsync(line);
        await WriteDownAsync(line);
        return new Life(running.Id, over.Id, identity);
    }

    /// <summary>An event that is to be delivered, and one that waits for its place.</summary>
    private async Task TellAsync(Flow flow)
    {
        await Stores.Events.PublishAsync(Sample.Now, Test);
        await Fixture.Database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO webhook_deliveries (webhook_id, position, first_at, due_at, attempts)
                    SELECT 'hook', position, 1, 1, 0 FROM events WHERE flow_id = @id
                    """,
                    ("@id", flow.Id.ToBytes())),
                new Statement(
                    """
                    INSERT INTO event_outbox (id, project_id, flow_id, event_type, happened_at, body)
                    SELECT @new_id, project_id, flow_id, event_type, happened_at, body FROM events WHERE flow_id = @id
                    """,
                    ("@new_id", Guid.CreateVersion7(Sample.Now).ToByteArray(bigEndian: true)), ("@id", flow.Id.ToBytes())),
            ],
            Test);
    }

    private async Task<Guid> LiveAsPersonAsync(PhoneNumber line)
    {
        var identity = await Stores.Identities.EnrolAsync(
            Sample.Shop, line, new IdentityDetails(ClientCustomerId: "customer-7"), Sample.Now, Test);
        var alias = Guid.CreateVersion7(Sample.Now).ToByteArray(bigEndian: true);
        await Fixture.Database.WriteAsync(
            [
                new Statement(
                    "INSERT INTO identity_aliases (id, project_id, identity_id) VALUES (@id, @project_id, @identity_id)",
                    ("@id", alias), ("@project_id", Sample.Shop), ("@identity_id", identity.Id.ToByteArray(bigEndian: true))),
            ],
            Test);
        var device = new Device(Guid.CreateVersion7(Sample.Now), Sample.Shop, null, null, Sample.Now, identity.Id);
        var passkey = new Passkey(
            RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(77), $"{device.Id}", 1, false, false, ["internal"]);
        Assert.True(await Stores.Passkeys.TryAddAsync(device, "login.shop.example", passkey, Test));
        await Stores.Verified.RecordAsync(Sample.Shop, line, Sample.Now, Test);
        await Fixture.AddProjectAsync(Sample.Shop);
        await ImportAsync(line);
        return identity.Id;
    }

    private async Task ImportAsync(PhoneNumber line)
    {
        var imports = new RecordImports(
            Stores.Imports, new RecordSourceStore(Fixture.Database), new NumberReader(), new FakeTimeProvider(Sample.Now));
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(Plan(), 1, Test)).Import;
        await imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes($"{line.E164},Lori,Montgomery\n"), 1, Test);
        Assert.IsType<EndedImport.Ended>(await imports.CommitAsync(import.Id, Test));
    }

    private async Task CountTextsAsync(PhoneNumber line)
    {
        var key = new CounterKeys(Fixture.Hasher).OfTexts(line);
        var charge = new Charge(Sample.Now, 1, Project: 5);
        Assert.True(await Stores.Counters.TrySaveAsync(
            new CounterChange(Counter.Empty(key), new Counter(key, 0, [charge]), TimeSpan.FromDays(1)), Test));
        var keys = new PumpingKeys(Fixture.Hasher, Fixture.Plan);
        var block = keys.Block(line);
        await new TrafficStore(Fixture.Database, Fixture.Hashes).AddAsync(
            [new TrafficRow(block, new TrafficCell(block.CellOf(Sample.Now), keys.TagOf(line.E164), 1, 0))], Test);
        await new AbuseStore(Fixture.Database, Fixture.Sealer, Fixture.Hashes, Fixture.Lines).TryAddAsync(
            new AbuseEntry(
                keys.Abuse(AbuseTarget.Number, line.E164), AbuseVerdict.Denied, line.ToString(), null, LimitMode.Enforce, "ops", Sample.Now,
                Sample.Now.AddDays(1)),
            Test);
    }

    private async Task WriteDownAsync(PhoneNumber line)
    {
        var writer = new AuditWriter(Stores.Audit, new FakeTimeProvider(Sample.Now), new NoJournal());
        await Fixture.AddProjectAsync(Sample.Shop);
        await writer.AddAsync(Act("findFlows") with { Subject = SubjectOf(line), Project = $"{Sample.Shop}" });
        using var chainer = new AuditChainer(
            Stores.Audit, writer, new AuditOptions(), new FakeTimeProvider(Sample.Now), new NoJournal());
        await chainer.RoundAsync(Test);
        // And one that has not been linked yet.
        await writer.AddAsync(Act("showBudget") with { Subject = SubjectOf(line) });
    }

    private async Task<ErasedCounts> EraseAsync(PhoneNumber line, Life life, bool keepsStop = false)
    {
        var counts = await Persons.EraseFlowsAsync([life.Running, life.Over], Test);
        counts.Add(await Persons.EraseIdentitiesAsync([life.Identity], Test));
        counts.Add(await Persons.EraseLineAsync(line, null, keepsStop, Test));
        counts.Add(DataClass.Audit, (await Stores.Audit.EraseAsync(SubjectOf(line), null, Test)).Count);
        counts.Add(DataClass.Pseudonyms, keepsStop
            ? await Stores.Pseudonyms.DestroyAsync(line, Test)
            : (await Secrets.DestroyAsync(line, null, Test)).Count);
        return counts;
    }

    /// <summary>How many rows each table has that hold something of a person.</summary>
    private async Task<SortedDictionary<string, long>> CountAsync()
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in Inventory.Tables.Where(table => table.Class is not null))
        {
            var database = Inventory.OfKeys.Contains(table.Name) ? Fixture.Keys.Database : Fixture.Database;
            // Entries of the audit stay, and whom they are about goes.
            var which = table.Class == DataClass.Audit ? " WHERE subject IS NOT NULL" : "";
            var rows = await database.ReadAsync(
                new Statement("") { Sql = $"SELECT count(*) FROM {table.Name}{which}" }, row => row.GetInt64(0), Test);
            counts.Add(table.Name, rows[0]);
        }
        // That of the project is of nobody.
        counts["line_keys"] -= (await Fixture.Lines.FindAsync([Sample.Shop], Test)).Count;
        return counts;
    }

    // An entry that waits is linked by whoever comes next.
    private static Dictionary<string, long> ByClass(SortedDictionary<string, long> counts) =>
        Inventory.Tables.Where(table => table.Class is not null).GroupBy(table => table.Class!.Name, StringComparer.Ordinal)
            .ToDictionary(of => of.Key, of => of.Sum(table => counts[table.Name]), StringComparer.Ordinal);

    private async Task<IReadOnlyList<string>> TablesAsync()
    {
        var sqlite = Fixture is SqliteFixture;
        var statement = new Statement(sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            : "SELECT CAST(relname AS text) FROM pg_class "
                + "WHERE relnamespace = to_regnamespace(current_schema()::text) AND relkind IN ('r', 'p') AND NOT relispartition");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var database in (IDatabase[])[Fixture.Database, Fixture.Keys.Database])
        {
            names.UnionWith(await database.ReadAsync(statement, row => row.GetString(0), Test));
        }
        return [.. names.Where(name => !name.Equals("schemaversions", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
    }

    private static Flow FlowOf(PhoneNumber line, DateTimeOffset at) => Sample.Flow(at) with { Number = line };

    private static ImportPlan Plan() => new(
        SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name"], Projects: [Sample.Shop]);

    private static KeptReceipt ReceiptOf(CorrelationId flow) => new(
        flow, Sample.Shop, "receipt", Sample.Now.AddDays(30), new ReceiptKey("k1", [1, 2, 3], Sample.Now.AddYears(10)));

    private AuditSubject SubjectOf(PhoneNumber line) => AuditSubject.OfNumber(Fixture.Hasher, line);

    private static AuditAct Act(string act) => new(AuditKind.Admin, "admin-key:ops", act);

    private sealed record Life(CorrelationId Running, CorrelationId Over, Guid Identity);

    private sealed class NoJournal : IAuditJournal
    {
        public void CheckpointMade(AuditCheckpoint checkpoint) { }

        public void WrittenAgain(int count) { }

        public void Cut(long position) { }

        public void Pruned(long upTo) { }
    }
}

public sealed class PersonStoreOnSqlite(SqliteFixture fixture) : PersonStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class PersonStoreOnPostgres(PostgresFixture fixture) : PersonStoreContract(fixture), IClassFixture<PostgresFixture>;
