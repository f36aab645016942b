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
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>What is left in the store of a line whose key is gone, as after a restore from before an erasure.</summary>
public abstract class LostRowsContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _lori = Sample.Number;
    private static readonly PhoneNumber _peter = PhoneNumber.Parse("+12025550143");

    private static readonly DataClass[] _classes =
        [DataClass.Identities, DataClass.Devices, DataClass.Records, DataClass.Stops, DataClass.Abuse, DataClass.Audit];

    private Stores Stores => new(Fixture, StoreFixture.Ring);

    [Fact]
    public async Task Rows_whose_line_has_lost_its_key_are_counted_and_go_with_what_hangs_on_them()
    {
        await LiveAsync(_lori);
        var peter = await LiveAsync(_peter);
        await Fixture.Lines.DestroyAsync(_lori, Test);

        var counted = await LostOf().CountAsync(withOutcomes: false, Test);
        var removed = await LostOf().RemoveAsync(withOutcomes: false);

        Assert.Equal([1, 0, 1, 1, 1, 2], _classes.Select(counted.Of));
        // The identity's other id, and its device with a passkey.
        Assert.Equal([2, 1, 1, 1, 1, 2], _classes.Select(removed.Of));
        Assert.Equal(0, (await LostOf().CountAsync(withOutcomes: false, Test)).Total);
        Assert.Equal(0, (await LostOf().RemoveAsync(withOutcomes: false)).Total);
        string[] tables = ["identities", "identity_aliases", "devices", "person_records", "suppressions", "abuse_entries"];
        Assert.All(await Task.WhenAll(tables.Select(Fixture.CountAsync)), count => Assert.Equal(1, count));
        Assert.Equal(peter, (await Stores.Identities.FindAsync(Sample.Shop, _peter, Test))!.Id);
        Assert.All(await Stores.Audit.ReadAsync(0, 10, Test), link => Assert.Null(link.Flaw));
        Assert.Single(await Stores.Audit.FindAsync(
            new AuditSearch(Subject: AuditSubject.OfNumber(Fixture.Hasher, _peter)), 10, Test));
    }

    [Fact]
    public async Task So_are_outcomes_whose_line_has_lost_its_pseudonym_and_what_else_tells_of_their_flows()
    {
        var (forgotten, kept, ofNoLine) = (Sample.Flow(), Sample.Flow() with { Number = _peter }, Sample.Flow());
        await KeepAsync(forgotten, _lori);
        await KeepAsync(kept, _peter);
        await KeepAsync(ofNoLine, line: null);
        await Stores.Events.PublishAsync(Sample.Now, Test);
        await Stores.Pseudonyms.DestroyAsync(_lori, Test);

        var counted = await LostOf().CountAsync(withOutcomes: true, Test);
        var unasked = await LostOf().RemoveAsync(withOutcomes: false);
        var removed = await LostOf().RemoveAsync(withOutcomes: true);

        Assert.Equal(0, unasked.Total);
        Assert.Equal((1, 1), (counted.Total, counted.Of(DataClass.Outcomes)));
        Assert.Equal((1, 1), (removed.Of(DataClass.Outcomes), removed.Of(DataClass.Events)));
        Assert.Null(await Stores.Outcomes.FindAsync(forgotten.Id, Test));
        Assert.NotNull(await Stores.Outcomes.FindAsync(kept.Id, Test));
        Assert.NotNull(await Stores.Outcomes.FindAsync(ofNoLine.Id, Test));
        Assert.Equal(2, (await Stores.Events.ListAsync(Sample.Shop, 0, null, 10, Test)).Events.Count);
        Assert.Equal(0, (await LostOf().RemoveAsync(withOutcomes: true)).Total);
    }

    [Fact]
    public async Task Rows_whose_key_is_there_or_comes_back_stay()
    {
        await LiveAsync(_lori);
        await Fixture.Keys.Database.WriteAsync([new Statement("UPDATE line_keys SET secret = @secret", ("@secret", new byte[80]))], Test);
        var cannotBeOpened = await LostOf().CountAsync(withOutcomes: false, Test);
        await Fixture.Keys.Database.WriteAsync([new Statement("DELETE FROM line_keys")], Test);

        var lost = await LostOf().CountAsync(withOutcomes: false, Test);
        var removed = await LostOf(new ReturningLines()).RemoveAsync(withOutcomes: false);

        Assert.Equal(0, cannotBeOpened.Total);
        Assert.True(lost.Total > 0);
        Assert.Equal(0, removed.Total);
        Assert.Equal(lost.Total, (await LostOf().CountAsync(withOutcomes: false, Test)).Total);
    }

    [Fact]
    public async Task Once_they_are_gone_a_former_encryption_key_opens_nothing_any_more()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var kept = new Kept { Value = KeySet.Of(StoreFixture.Key) };
        var ring = new KeyRing(kept, time);
        var former = kept.Value.Keys[0].Key.Id;
        await LiveAsync(_lori);
        // What waits is under the secret of a day, too.
        await Fixture.ExecuteAsync("DELETE FROM audit_waiting");
        await Fixture.Lines.DestroyAsync(_lori, Test);
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), time.GetUtcNow()));
        ring.Reload();
        time.Advance(HashSealer.Lag + TimeSpan.FromMinutes(1));
        var stores = new Stores(Fixture, ring);
        Assert.True((await stores.Resealing.CatchUpAsync(Test)).Unreadable > 0);
        Assert.Contains(former, (await stores.Resealing.CountAsync(Test)).Keys);

        await LostOf().RemoveAsync(withOutcomes: false);

        Assert.Equal(0, (await stores.Resealing.CatchUpAsync(Test)).Unreadable);
        Assert.DoesNotContain(former, (await stores.Resealing.CountAsync(Test)).Keys);
    }

    private async Task KeepAsync(Flow flow, PhoneNumber? line)
    {
        LinePseudonym? pseudonym = line is { } number
            ? (await Stores.Pseudonyms.ObtainAsync([number], Sample.Now, Test))[number] : null;
        await Stores.Flows.AddAsync(flow, Test);
        await Stores.Outcomes.ReplaceAsync(
            [new ReplacedFlow(Outcome.Of(flow, [], "US", null) with { Line = pseudonym }, flow.Version)], Test);
    }

    private LostRows LostOf(ILineKeys? lines = null) => new(
        Fixture.Database, Fixture.Hashes, lines ?? Fixture.Lines,
        new PersonStore(
            Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Stores.RecordKeys, Fixture.Lines),
        Stores.Outcomes, Stores.Pseudonyms, new ErasureOptions(TimeSpan.Zero, TimeProvider.System));

    /// <summary>A row in each table that stands under the line's key, a device, and another id of the identity.</summary>
    private async Task<Guid> LiveAsync(PhoneNumber line)
    {
        var identity = await Stores.Identities.EnrolAsync(Sample.Shop, line, new IdentityDetails(), Sample.Now, Test);
        await Stores.Devices.AddAsync(
            new Device(Guid.CreateVersion7(Sample.Now), Sample.Shop, $"key{line.E164}", [1], Sample.Now, identity.Id), Test);
        await Fixture.Database.WriteAsync(
            [
                new Statement(
                    "INSERT INTO identity_aliases (id, project_id, identity_id) VALUES (@id, @project_id, @identity_id)",
                    ("@id", Guid.CreateVersion7().ToByteArray(bigEndian: true)), ("@project_id", Sample.Shop),
                    ("@identity_id", identity.Id.ToByteArray(bigEndian: true))),
            ],
            Test);
        await ImportAsync(line);
        await Stores.Suppressions.SuppressAsync(line, "MyBrand", Sample.Now, Test);
        await new AbuseStore(Fixture.Database, Fixture.Sealer, Fixture.Hashes, Fixture.Lines).TryAddAsync(
            new AbuseEntry(
                new PumpingKeys(Fixture.Hasher, Fixture.Plan).Abuse(AbuseTarget.Number, line.E164), AbuseVerdict.Denied, line.ToString(),
                null, LimitMode.Enforce, "ops", Sample.Now, Sample.Now.AddDays(1)),
            Test);
        await WriteDownAsync(line);
        return identity.Id;
    }

    private async Task ImportAsync(PhoneNumber line)
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        var imports = new RecordImports(
            Stores.Imports, new RecordSourceStore(Fixture.Database), new NumberReader(), new FakeTimeProvider(Sample.Now));
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name"], Projects: [Sample.Shop]);
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, Test)).Import;
        await imports.TakeAsync(import.Id, System.Text.Encoding.UTF8.GetBytes($"{line.E164},Lori,Montgomery\n"), 1, Test);
        Assert.IsType<EndedImport.Ended>(await imports.CommitAsync(import.Id, Test));
    }

    /// <summary>An entry that is linked, and one that waits.</summary>
    private async Task WriteDownAsync(PhoneNumber line)
    {
        var act = new AuditAct(AuditKind.Admin, "admin-key:ops", "findFlows") { Subject = AuditSubject.OfNumber(Fixture.Hasher, line) };
        await Stores.Audit.PutAsync([AuditEntry.Of(line.E164, 1, Sample.Now, act)], Test);
        var waiting = (await Stores.Audit.ListWaitingAsync(Sample.Now, 10, Test)).Single(entry => entry.Writer == line.E164);
        var head = await Stores.Audit.FindHeadAsync(Test) ?? new AuditHead(0, AuditLink.Genesis);
        await Stores.Audit.LinkAsync([AuditLink.Of(head.Position + 1, head.Hash, waiting.Text)], [waiting], Test);
        await Stores.Audit.PutAsync([AuditEntry.Of(line.E164, 2, Sample.Now, act)], Test);
    }

    /// <summary>Somebody puts the newer copy of the keys back while rows are about to be removed.</summary>
    private sealed class ReturningLines : ILineKeys
    {
        private readonly HashSet<LineKeyId> _asked = [];

        public Task<IReadOnlySet<LineKeyId>> ListThereAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlySet<LineKeyId>>(ids.Where(id => !_asked.Add(id)).ToHashSet());

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

public sealed class LostRowsOnSqlite(SqliteFixture fixture) : LostRowsContract(fixture), IClassFixture<SqliteFixture>;

public sealed class LostRowsOnPostgres(PostgresFixture fixture) : LostRowsContract(fixture), IClassFixture<PostgresFixture>;
