using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>
/// What is left of a line whose key was destroyed, for whoever has everything else: the store, copies of it from before, and every key of
/// the server. Nobody has removed a row: that is another's work.
/// </summary>
public abstract class ErasedLinesContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private static readonly string[] _tables =
        ["abuse_entries", "audit_entries", "audit_waiting", "identities", "person_records", "suppressions", "verified_numbers"];

    private FakeTimeProvider Time { get; } = new(Sample.Now);

    private PersonRecordKeys RecordKeys => new(Fixture.Hasher, Fixture.Hashes, Fixture.Plan);

    private PumpingKeys Pumping => new(Fixture.Hasher, Fixture.Plan);

    /// <summary>Everything that holds the store's data, as somebody takes it away.</summary>
    protected abstract Task<byte[]> TakeAsync();

    /// <summary>Rids the files of what other tests have removed.</summary>
    protected virtual Task ScrubAsync() => Task.CompletedTask;

    [Fact]
    public async Task No_key_of_the_server_opens_a_text_or_a_hash_of_an_erased_line()
    {
        await ScrubAsync();
        await FillAsync(Fixture.Lines);
        var copy = await TakeAsync();
        Assert.Equal(_tables, await FoundInAsync(copy));
        Assert.Equal(_tables, await FoundInAsync(await TakeAsync()));

        await Fixture.Lines.DestroyAsync(Sample.Number, Test);

        Assert.Empty(await FoundInAsync([.. copy, .. await TakeAsync()]));
        await AssertNothingIsFoundAsync();
    }

    [Fact]
    public async Task Nothing_of_another_line_is_lost()
    {
        await FillAsync(Fixture.Lines);
        await Identities().EnrolAsync(Sample.Shop, _other, new IdentityDetails(), Sample.Now, Test);
        await Suppressions().SuppressAsync(_other, null, Sample.Now, Test);

        await Fixture.Lines.DestroyAsync(Sample.Number, Test);

        Assert.Equal(_other, (await Identities().FindAsync(Sample.Shop, _other, Test))!.Number);
        Assert.Equal([_other.ToString()], (await Suppressions().ListAsync(null, 10, Test)).Select(one => one.MaskedNumber));
    }

    [Fact]
    public async Task What_was_written_before_lines_had_keys_is_brought_under_them_where_its_number_is_known()
    {
        await FillAsync(Fixture.Lines);
        await new FormerVersion(Fixture).LeaveAsync(Sample.Number);
        // Whose hash is known alone.
        await WriteDownAsync(Fixture.Lines, AuditSubject.Of(Fixture.Hasher, "number", Sample.Number.E164));
        Assert.Equal(_tables, await FoundInAsync(await DumpAsync()));
        Assert.NotNull(await Identities().FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Single(await Records().FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Assert.True(await Suppressions().IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.NotNull(await Verified().FindAsync(Sample.Shop, Sample.Number, Test));

        await IdentityLines().CatchUpAsync(10, Test);
        await RecordLines().CatchUpAsync(10, Test);
        await Suppressions().SuppressAsync(Sample.Number, "Another", Sample.Now, Test);
        await Verified().RecordAsync(Sample.Shop, Sample.Number, Sample.Now, Test);

        Assert.NotNull(await Identities().FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Single(await Records().FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Assert.Equal(2, (await Suppressions().ListAsync(Sample.Number, 10, Test)).Count);
        await Fixture.Lines.DestroyAsync(Sample.Number, Test);
        Assert.Equal(
            ["abuse_entries", "audit_entries", "audit_waiting", "verified_numbers"], await FoundInAsync(await DumpAsync()));
        Assert.Equal(0, (await IdentityLines().CatchUpAsync(10, Test)).Looked + (await RecordLines().CatchUpAsync(10, Test)).Looked);
    }

    [Fact]
    public async Task What_is_written_while_its_line_is_erased_stands_once_and_under_the_key_that_comes_after()
    {
        var erasing = new ErasingLines(Fixture.Lines);

        await Identities(erasing).EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails("typed"), Sample.Now, Test);
        Assert.Equal("typed", (await Identities().FindAsync(Sample.Shop, Sample.Number, Test))!.Details.NumberAsGiven);
        erasing.Begin();
        await Suppressions(erasing).SuppressAsync(Sample.Number, null, Sample.Now, Test);
        Assert.True(await Suppressions().IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        erasing.Begin();
        await ImportAsync(erasing, "+12025550143,Peter,Montgomery\n+12025550142,Lori,Montgomery\n");

        Assert.Equal(
            "Lori",
            Assert.Single(await Records().FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test)).Record.Person.Name!.Given);
        Assert.Single(await Records().FindAsync(_other, Sample.Shop, Sample.Now, Test));
        Assert.Equal(3, erasing.Erased);
        // Those of the identity and of the word were written under a key that was destroyed later.
        Assert.Equal(
            (1, 1, 2),
            (await Fixture.CountAsync("identities"), await Fixture.CountAsync("suppressions"), await Fixture.CountAsync("person_records")));
    }

    [Fact]
    public async Task A_page_of_a_list_is_full_whatever_was_erased()
    {
        var numbers = Enumerable.Range(0, 6).Select(i => PhoneNumber.Parse($"+1202555014{i}")).ToList();
        foreach (var number in numbers)
        {
            await Identities().EnrolAsync(Sample.Shop, number, new IdentityDetails(), Sample.Now.AddSeconds(numbers.IndexOf(number)), Test);
        }
        foreach (var erased in (int[])[0, 1, 3])
        {
            await Fixture.Lines.DestroyAsync(numbers[erased], Test);
        }

        var first = await Identities().ListAsync(Sample.Shop, null, 2, withInactive: false, Test);
        var second = await Identities().ListAsync(Sample.Shop, first[^1].Id, 2, withInactive: false, Test);

        Assert.Equal([numbers[2], numbers[4]], first.Select(one => one.Number));
        Assert.Equal([numbers[5]], second.Select(one => one.Number));
    }

    [Fact]
    public async Task With_an_older_copy_of_the_keys_the_lines_that_it_knows_are_there_and_with_the_newer_one_all_are_again()
    {
        var known = await Identities().EnrolAsync(Sample.Shop, _other, new IdentityDetails(), Sample.Now, Test);
        var later = await Identities().EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails(), Sample.Now.AddSeconds(1), Test);
        var newer = await Fixture.Keys.Database.ReadAsync(
            new Statement("SELECT id, number_hash, secret FROM line_keys"),
            row => new[] { row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2) }, Test);

        await Fixture.Lines.DestroyAsync(Sample.Number, Test);

        Assert.Equal(known.Id, (await Identities().FindAsync(Sample.Shop, _other, Test))!.Id);
        Assert.Equal([known.Id], (await Identities().ListAsync(Sample.Shop, null, 10, false, Test)).Select(one => one.Id));
        Assert.Null(await Identities().FindAsync(Sample.Shop, later.Id, Test));
        Assert.Null(await Identities().FindAsync(Sample.Shop, Sample.Number, Test));
        var anew = await Identities().EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails(), Sample.Now.AddSeconds(2), Test);
        Assert.NotEqual(later.Id, anew.Id);

        await Fixture.Keys.Database.WriteAsync(
            [
                new Statement("DELETE FROM line_keys"),
                .. newer.Select(row => new Statement(
                    "INSERT INTO line_keys (id, number_hash, twin, secret) VALUES (@id, @number_hash, 0, @secret)",
                    ("@id", row[0]), ("@number_hash", row[1]), ("@secret", row[2]))),
            ],
            Test);

        Assert.Equal(later.Id, (await Identities().FindAsync(Sample.Shop, Sample.Number, Test))!.Id);
        Assert.Equal([known.Id, later.Id], (await Identities().ListAsync(Sample.Shop, null, 10, false, Test)).Select(one => one.Id));
    }

    [Fact]
    public async Task What_stands_under_a_line_s_key_goes_under_the_next_encryption_key_and_without_it_is_left_alone()
    {
        var kept = new Kept { Value = KeySet.Of(StoreFixture.Key) };
        var ring = new KeyRing(kept, Time);
        await FillAsync(Fixture.Lines);
        // What waits is under the secret of a day, too.
        await Fixture.ExecuteAsync("DELETE FROM audit_waiting");
        await Identities().EnrolAsync(Sample.Shop, _other, new IdentityDetails(), Sample.Now, Test);
        await Fixture.Lines.DestroyAsync(_other, Test);
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), Time.GetUtcNow()));
        ring.Reload();
        Time.Advance(HashSealer.Lag + TimeSpan.FromMinutes(1));
        var stores = new Stores(Fixture, ring);

        var counts = await stores.Resealing.CatchUpAsync(Test);
        kept.Value = kept.Value.Without(kept.Value.Keys[0].Key.Id);
        ring.Reload();

        Assert.Equal(1, counts.Unreadable);
        Assert.NotNull(await stores.Identities.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Single(await stores.Records.FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Assert.Single(await stores.Suppressions.ListAsync(null, 10, Test));
        Assert.Single(await stores.Audit.FindAsync(
            new AuditSearch(Subject: AuditSubject.OfNumber(Fixture.Hasher, Sample.Number)), 10, Test));
        Assert.NotNull(await stores.Verified.FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Single(await new AbuseStore(Fixture.Database, stores.Sealer, new HashSealer(ring), stores.LineKeys).FindAsync(
            [Pumping.Abuse(AbuseTarget.Number, Sample.Number.E164)], Sample.Now, Test));
    }

    protected async Task<byte[]> DumpAsync() => [.. (await Fixture.DumpAsync()).SelectMany(value => value is byte[] bytes ? bytes : [])];

    /// <summary>A row in each table: an identity that has the number and one that has left it.</summary>
    private async Task FillAsync(ILineKeys lines)
    {
        await Identities(lines).EnrolAsync(Sample.Shop, Sample.Number, new IdentityDetails("2025550142"), Sample.Now, Test);
        var left = await Identities(lines).EnrolAsync(ProjectId.Parse("bank"), Sample.Number, new IdentityDetails(), Sample.Now, Test);
        await Identities(lines).LeaveNumberAsync(ProjectId.Parse("bank"), left.Id, Sample.Now, Test);
        await ImportAsync(lines, "+12025550142,Lori,Montgomery\n");
        await Verified(lines).RecordAsync(Sample.Shop, Sample.Number, Sample.Now, Test);
        await Suppressions(lines).SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        Assert.True(await Abuse(lines).TryAddAsync(
            new AbuseEntry(
                Pumping.Abuse(AbuseTarget.Number, Sample.Number.E164), AbuseVerdict.Denied, Sample.Number.ToString(), Finding: null,
                LimitMode.Off, "ops", Sample.Now, Sample.Now.AddDays(1)),
            Test));
        await WriteDownAsync(lines, AuditSubject.OfNumber(Fixture.Hasher, Sample.Number));
    }

    /// <summary>An entry that is linked, and one that waits.</summary>
    private async Task WriteDownAsync(ILineKeys lines, AuditSubject subject)
    {
        var (audit, act) = (Audit(lines), new AuditAct(AuditKind.Admin, "admin-key:ops", "findFlows") { Subject = subject });
        await audit.PutAsync([AuditEntry.Of($"run-{subject.Number is null}", 1, Sample.Now, act)], Test);
        var waiting = await audit.ListWaitingAsync(Sample.Now, 10, Test);
        var head = await audit.FindHeadAsync(Test) ?? new AuditHead(0, AuditLink.Genesis);
        await audit.LinkAsync([AuditLink.Of(head.Position + 1, head.Hash, waiting[^1].Text)], [waiting[^1]], Test);
        await audit.PutAsync([AuditEntry.Of($"run-{subject.Number is null}", 2, Sample.Now, act)], Test);
    }

    private async Task AssertNothingIsFoundAsync()
    {
        Assert.Null(await Identities().FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.Empty(await Identities().ListAsync(Sample.Shop, null, 10, withInactive: true, Test));
        Assert.Null(await Identities().FindLeftSinceAsync(ProjectId.Parse("bank"), Sample.Number, Test));
        Assert.Empty(await Records().FindAsync(Sample.Number, Sample.Shop, Sample.Now, Test));
        Assert.Null(await Verified().FindAsync(Sample.Shop, Sample.Number, Test));
        Assert.False(await Suppressions().IsSuppressedAsync(Sample.Number, "MyBrand", Test));
        Assert.Empty(await Suppressions().ListAsync(null, 10, Test));
        Assert.DoesNotContain(await Abuse().ListAsync(10, Test), entry => entry.Label == Sample.Number.ToString());
        Assert.Empty(await Audit().FindAsync(new AuditSearch(Subject: AuditSubject.OfNumber(Fixture.Hasher, Sample.Number)), 10, Test));
        Assert.Null(Assert.Single(await Audit().ReadAsync(0, 10, Test)).Flaw);
    }

    /// <summary>
    /// The tables of which somebody finds the number, who knows it or tries all: by its hashes in the bytes that they have, or in a text
    /// that they open. They have the server's keys, and what the database of the lines' keys holds now.
    /// </summary>
    private async Task<IReadOnlyList<string>> FoundInAsync(byte[] taken)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var line = await LineEverywhere.FindAsync(Fixture.Database, Fixture.Lines, Sample.Number, null, Test);
        List<byte[]> marks = [Encoding.UTF8.GetBytes(Sample.Number.E164), Encoding.UTF8.GetBytes($"{Sample.Number}")];
        foreach (var (table, purpose, text, size) in (IReadOnlyList<(string, string, string, int)>)
            [
                ("identities", "identities.number", Sample.Number.E164, 32),
                ("person_records", "records.number", Sample.Number.E164, 16),
                ("person_records", "records.record", "crm\0name\0Lori\0Montgomery\0", 16),
                ("verified_numbers", "verified_numbers.number", Sample.Number.E164, 32),
                ("verified_numbers", "verified_numbers.left", Sample.Number.E164, 32),
                ("suppressions", "suppressions.number", Sample.Number.E164, 32),
                ("abuse_entries", "pumping.abuse.Number", Sample.Number.E164, 32),
                ("audit_entries", "audit.subject.number", Sample.Number.E164, 32),
            ])
        {
            var hash = Fixture.Hasher.Hash(purpose, new Secret(text)).ToBytes()[..size];
            marks.Add(hash);
            if (Fixture.Hashes.AllOf(hash).Concat(line.Keys.SelectMany(key => Fixture.Hashes.AllOf(key.Bind(hash))))
                .Any(one => taken.AsSpan().IndexOf(one) >= 0))
            {
                found.Add(table);
            }
        }
        foreach (var (table, value, place) in await SealedValuesAsync())
        {
            try
            {
                var known = await Fixture.Lines.OfAsync([value], LineRows.None, Test);
                var clear = Fixture.Sealer.Open(value, place, known);
                if (marks.Exists(mark => clear.AsSpan().IndexOf(mark) >= 0))
                {
                    found.Add(table);
                }
            }
            catch (CryptographicException)
            {
                // They cannot read it.
            }
        }
        return [.. found];
    }

    private async Task<IReadOnlyList<(string Table, byte[] Value, string Place)>> SealedValuesAsync() =>
    [
        .. await ReadAsync(
            "identities", "SELECT id, body FROM identities", row => IdentityStore.PlaceOf(new Guid(row[0], bigEndian: true))),
        .. await ReadAsync(
            "person_records", "SELECT number_hash, record_hash, body FROM person_records", row => RecordKeys.PlaceIn(row[0], row[1])),
        .. await ReadAsync(
            "suppressions", "SELECT number_hash, masked FROM suppressions",
            row => SuppressionStore.PlaceOf(Fixture.Hashes.Open(row[0]), "mybrand")),
        .. await ReadAsync("abuse_entries", "SELECT id, label FROM abuse_entries", row => AbuseStore.PlaceOf(row[0])),
        .. await Fixture.Database.ReadAsync(
            new Statement("SELECT position, subject FROM audit_entries WHERE subject IS NOT NULL"),
            row => ("audit_entries", row.GetFieldValue<byte[]>(1), AuditStore.SubjectPlaceOf(row.GetInt64(0))), Test),
        .. await Fixture.Database.ReadAsync(
            new Statement("SELECT writer, number, subject FROM audit_waiting WHERE subject IS NOT NULL"),
            row => ("audit_waiting", row.GetFieldValue<byte[]>(2),
                AuditStore.WaitingSubjectPlaceOf(FormattableString.Invariant($"{row.GetString(0)}:{row.GetInt64(1)}"))),
            Test),
    ];

    private async Task<IEnumerable<(string Table, byte[] Value, string Place)>> ReadAsync(
        string table, string sql, Func<byte[][], string> placeOf)
    {
        var rows = await Fixture.Database.ReadAsync(
            new Statement("") { Sql = sql }, row => Enumerable.Range(0, row.FieldCount).Select(row.GetFieldValue<byte[]>).ToArray(), Test);
        return rows.Select(row => (table, row[^1], placeOf(row)));
    }

    private async Task ImportAsync(ILineKeys lines, string text)
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        var imports = new RecordImports(
            new ImportStore(Fixture.Database, Fixture.Sealer, RecordKeys, lines), new RecordSourceStore(Fixture.Database),
            new NumberReader(), Time);
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name"], Projects: [Sample.Shop]);
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, Test)).Import;
        Assert.IsType<PieceOutcome.Taken>(await imports.TakeAsync(import.Id, Encoding.UTF8.GetBytes(text), 1, Test));
        Assert.Equal(
            text.Count(c => c == '\n'),
            Assert.IsType<EndedImport.Ended>(await imports.CommitAsync(import.Id, Test)).Import.Counts.Added);
    }

    private IdentityStore Identities(ILineKeys? lines = null) => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, Fixture.Rows, lines ?? Fixture.Lines);

    private IdentityLines IdentityLines() => new(
        Fixture.Database, Fixture.Sealer, IdentityStore.HashesOf(Fixture.Hasher, Fixture.Hashes, Fixture.Plan), Fixture.Rows,
        Fixture.Lines);

    private RecordLines RecordLines() => new(Fixture.Database, Fixture.Sealer, RecordKeys, Fixture.Lines);

    private PersonRecordStore Records() => new(Fixture.Database, Fixture.Sealer, RecordKeys, Fixture.Lines);

    private VerifiedNumberStore Verified(ILineKeys? lines = null) =>
        new(Fixture.Database, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, lines ?? Fixture.Lines);

    private SuppressionStore Suppressions(ILineKeys? lines = null) => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan, lines ?? Fixture.Lines);

    private AbuseStore Abuse(ILineKeys? lines = null) =>
        new(Fixture.Database, Fixture.Sealer, Fixture.Hashes, lines ?? Fixture.Lines);

    private AuditStore Audit(ILineKeys? lines = null) =>
        new(Fixture.Database, Fixture.Sealer, Fixture.Hashes, lines ?? Fixture.Lines);

    /// <summary>Another server erases the line in the moment after this one has learnt its key.</summary>
    private sealed class ErasingLines(ILineKeys lines) : ILineKeys
    {
        private bool _hasErased;

        public int Erased { get; private set; }

        public void Begin() => _hasErased = false;

        public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => lines.FindAsync(owners, cancellationToken);

        public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
            IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken)
        {
            var keys = await lines.ObtainAsync(owners, cancellationToken);
            if (!_hasErased)
            {
                _hasErased = true;
                Erased++;
                await lines.DestroyAsync(Sample.Number, cancellationToken);
            }
            return keys;
        }

        public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.FindAsync(ids, cancellationToken);

        public Task<IReadOnlySet<LineKeyId>> ListThereAsync(
            IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => lines.ListThereAsync(ids, cancellationToken);

        public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) =>
            lines.DestroyAsync(owner, successor, cancellationToken);

        public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => lines.DestroyAsync(key, cancellationToken);
    }
}

public sealed class ErasedLinesOnSqlite(SqliteFixture fixture) : ErasedLinesContract(fixture), IClassFixture<SqliteFixture>
{
    private readonly SqliteFixture _fixture = fixture;

    protected override async Task ScrubAsync()
    {
        await _fixture.ExecuteAsync("VACUUM");
        await _fixture.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    protected override async Task<byte[]> TakeAsync() =>
        [.. await SharedFile.ReadAsync(_fixture.File, Test), .. await SharedFile.ReadAsync(_fixture.File + "-wal", Test)];
}

public sealed class ErasedLinesOnPostgres(PostgresFixture fixture) : ErasedLinesContract(fixture), IClassFixture<PostgresFixture>
{
    protected override Task<byte[]> TakeAsync() => DumpAsync();
}
