using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Enrolments;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Providers.Numbers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

public abstract class LineKeyStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    [Fact]
    public async Task A_line_keeps_its_key_and_has_it_alone()
    {
        var first = await Fixture.Lines.ObtainAsync([Sample.Number, _other, Sample.Number], Test);

        var again = await Fixture.Lines.ObtainAsync([_other, Sample.Number], Test);
        var byId = await Fixture.Lines.FindAsync([first[_other]!.Id, LineKeyId.New()], Test);

        Assert.Equal(2, first.Count);
        Assert.NotEqual(first[Sample.Number]!.Id, first[_other]!.Id);
        Assert.Equal(first[Sample.Number]!.ToBytes(), again[Sample.Number]!.ToBytes());
        Assert.Equal(first[_other]!.ToBytes(), (await Fixture.Lines.FindAsync(_other, Test))!.ToBytes());
        Assert.Equal(first[_other]!.ToBytes(), Assert.Single(byId).Value.ToBytes());
    }

    [Fact]
    public async Task Who_asks_for_the_key_of_a_line_that_has_none_makes_none()
    {
        Assert.Null(await Fixture.Lines.FindAsync(Sample.Number, Test));
        Assert.Empty(await Fixture.Lines.FindAsync((IReadOnlyCollection<KeyOwner>)[], Test));
        Assert.Empty(await Fixture.Lines.FindAsync((IReadOnlyCollection<LineKeyId>)[], Test));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_number_is_found_in_whatever_form_of_its_line()
    {
        var typed = PhoneNumber.Parse("+5491123456789");
        var made = await Fixture.Lines.ObtainAsync([Fixture.Plan.FormOf(typed)], Test);

        Assert.Equal(Assert.Single(made).Value!.Id, (await Fixture.Lines.FindAsync(typed, Test))!.Id);
        Assert.Equal(Assert.Single(made).Value!.Id, (await Fixture.Lines.ObtainAsync(PhoneNumber.Parse("+54111523456789"), Test)).Id);
    }

    [Fact]
    public async Task Of_many_who_come_at_once_all_get_the_same()
    {
        var numbers = Numbers(20);

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            () => Fixture.Lines.ObtainAsync(i % 2 == 0 ? numbers : [.. numbers.AsEnumerable().Reverse()], Test), Test)));

        Assert.All(numbers, number => Assert.Single(all.Select(one => one[number]!.Id).Distinct()));
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(600)]
    public async Task As_many_lines_as_anybody_asks_for_are_made_and_found(int count)
    {
        var numbers = Numbers(count);

        var made = await Fixture.Lines.ObtainAsync(numbers, Test);

        Assert.Equal(count, made.Values.Select(key => key!.Id).Distinct().Count());
        Assert.Equal(count, await CountAsync());
        Assert.Equal(count, (await Fixture.Lines.FindAsync([.. made.Values.Select(key => key!.Id)], Test)).Count);
        Assert.Equal(count, (await Fixture.Lines.FindAsync([.. numbers, PhoneNumber.Parse("+447400123456")], Test)).Count);
    }

    [Fact]
    public async Task A_key_that_was_destroyed_is_gone_for_every_server_and_the_line_begins_anew()
    {
        var elsewhere = Fixture.Lines;
        var made = await elsewhere.ObtainAsync([Sample.Number, _other], Test);

        var destroyed = await Fixture.Lines.DestroyAsync(Sample.Number, Test);

        Assert.Equal(made[Sample.Number]!.ToBytes(), destroyed!.ToBytes());
        Assert.Null(await elsewhere.FindAsync(Sample.Number, Test));
        Assert.False(await elsewhere.IsThereAsync(made[Sample.Number]!, Test));
        Assert.True(await elsewhere.IsThereAsync(made[_other]!, Test));
        Assert.Null(await Fixture.Lines.DestroyAsync(Sample.Number, Test));
        Assert.NotEqual(destroyed.Id, (await elsewhere.ObtainAsync(Sample.Number, Test)).Id);
    }

    [Fact]
    public async Task A_key_that_cannot_be_opened_keeps_nothing_of_other_lines_from_being_found()
    {
        var stores = new Stores(Fixture, StoreFixture.Ring);
        foreach (var number in (PhoneNumber[])[Sample.Number, _other])
        {
            await stores.Identities.EnrolAsync(Sample.Shop, number, new IdentityDetails(), Sample.Now, Test);
            await stores.Suppressions.SuppressAsync(number, "MyBrand", Sample.Now, Test);
        }
        var made = await Fixture.Lines.ObtainAsync([Sample.Number, _other], Test);
        await SpoilAsync(made[Sample.Number]!.Id);

        var byId = await Fixture.Lines.FindAsync([made[Sample.Number]!.Id, made[_other]!.Id], Test);

        Assert.Equal(made[_other]!.Id, Assert.Single(byId).Key);
        Assert.Equal(_other, Assert.Single(await stores.Identities.ListAsync(Sample.Shop, null, 10, withInactive: true, Test)).Number);
        Assert.Equal(_other.ToString(), Assert.Single(await stores.Suppressions.ListAsync(null, 10, Test)).MaskedNumber);
        // Whoever asks by its number is told.
        await Assert.ThrowsAnyAsync<CryptographicException>(() => Fixture.Lines.FindAsync(Sample.Number, Test));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => Fixture.Lines.ObtainAsync(Sample.Number, Test));
    }

    [Fact]
    public async Task A_key_that_cannot_be_opened_keeps_nothing_of_other_lines_from_being_written()
    {
        var stores = new Stores(Fixture, StoreFixture.Ring);
        await Fixture.AddProjectAsync(Sample.Shop);
        foreach (var number in (PhoneNumber[])[Sample.Number, _other])
        {
            await stores.Identities.EnrolAsync(Sample.Shop, number, new IdentityDetails(), Sample.Now, Test);
        }
        await new FormerVersion(Fixture).LeaveAsync();
        await SpoilAsync((await Fixture.Lines.ObtainAsync(Sample.Number, Test)).Id);
        var imports = new RecordImports(
            stores.Imports, new RecordSourceStore(Fixture.Database), new NumberReader(), new FakeTimeProvider(Sample.Now));
        var plan = new ImportPlan(
            SourceName.Parse("crm"), ImportFormat.Csv, ["phone", "given_name", "family_name"], Projects: [Sample.Shop]);
        var acts = ((PhoneNumber[])[Sample.Number, _other]).Select(number =>
            new AuditAct(AuditKind.Admin, "admin-key:ops", "findFlows") { Subject = AuditSubject.OfNumber(Fixture.Hasher, number) });

        var brought = await new IdentityLines(
            Fixture.Database, Fixture.Sealer, IdentityStore.HashesOf(Fixture.Hasher, Fixture.Hashes, Fixture.Plan), Fixture.Rows,
            Fixture.Lines).CatchUpAsync(10, Test);
        await stores.Audit.PutAsync([.. acts.Select((act, i) => AuditEntry.Of("run", i + 1, Sample.Now, act))], Test);
        var import = Assert.IsType<BegunImport.Begun>(await imports.BeginAsync(plan, 1, Test)).Import;
        var taken = Assert.IsType<PieceOutcome.Taken>(
            await imports.TakeAsync(import.Id, "+12025550142,Lori,Lee\n+12025550143,Peter,Lee\n"u8.ToArray(), 1, Test));

        Assert.Equal((2, 1, 0, 1), (brought.Looked, brought.Moved, brought.Joined, brought.Unreadable));
        Assert.Equal((1, 1), (taken.Counts.Added, taken.Counts.Rejected));
        Assert.Equal((1, "phone"), (Assert.Single(taken.Problems).Line, taken.Problems[0].Field));
        // It is written down, and about nobody.
        var waiting = await stores.Audit.ListWaitingAsync(Sample.Now.AddDays(1), 10, Test);
        Assert.Equal([true, false], waiting.OrderBy(entry => entry.Number).Select(entry => entry.Act.Subject is null));
    }

    [Fact]
    public async Task A_key_that_cannot_be_opened_is_still_there()
    {
        var made = await Fixture.Lines.ObtainAsync([Sample.Number, _other], Test);
        await SpoilAsync(made[Sample.Number]!.Id);

        var all = await Fixture.Lines.ListThereAsync([.. made.Values.Select(key => key!.Id), LineKeyId.New()], Test);

        Assert.True(await Fixture.Lines.IsThereAsync(made[Sample.Number]!, Test));
        Assert.Equal(made.Values.Select(key => key!.Id).ToHashSet(), all);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_that_cannot_be_opened_can_be_destroyed(bool hasTwin)
    {
        var made = await Fixture.Lines.ObtainAsync([Sample.Number, _other], Test);
        var (id, spoilt) = (made[Sample.Number]!.Id, hasTwin ? LineKeyId.New() : made[Sample.Number]!.Id);
        if (hasTwin)
        {
            await Fixture.Keys.Database.WriteAsync(
                [
                    new Statement(
                        """
                        INSERT INTO line_keys (id, number_hash, twin, secret)
                        SELECT @twin, number_hash, 1, secret FROM line_keys WHERE id = @id
                        """,
                        ("@twin", spoilt.ToBytes()), ("@id", id.ToBytes())),
                ],
                Test);
        }
        await SpoilAsync(spoilt);

        var destroyed = await Fixture.Lines.DestroyAsync(Sample.Number, Test);

        Assert.Equal(hasTwin ? id : null, destroyed?.Id);
        Assert.Equal(1, await CountAsync());
        Assert.NotEqual(id, (await Fixture.Lines.ObtainAsync(Sample.Number, Test)).Id);
        Assert.True(await Fixture.Lines.IsThereAsync(made[_other]!, Test));
    }

    [Fact]
    public async Task A_key_outlives_a_change_of_the_encryption_key()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var kept = new Kept();
        var ring = new KeyRing(kept, time);
        var stores = new Stores(Fixture, ring);
        var made = await stores.LineKeys.ObtainAsync(Sample.Number, Test);
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), time.GetUtcNow()));
        ring.Reload();
        time.Advance(HashSealer.Lag + TimeSpan.FromMinutes(1));

        Assert.Equal(made.Id, (await stores.LineKeys.ObtainAsync(Sample.Number, Test)).Id);
        Assert.Equal(1, (await stores.Resealing.CatchUpAsync(Test)).Resealed);
        kept.Value = kept.Value.Without(kept.Value.Keys[0].Key.Id);
        ring.Reload();

        Assert.Equal(made.ToBytes(), (await stores.LineKeys.FindAsync(Sample.Number, Test))!.ToBytes());
    }

    [Fact]
    public async Task Two_keys_of_one_line_both_lead_to_what_stands_under_them_until_both_are_destroyed()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var kept = new Kept();
        var stores = new Stores(Fixture, new KeyRing(kept, time));
        await stores.Suppressions.SuppressAsync(Sample.Number, "MyBrand", Sample.Now, Test);
        var former = kept.Value.Keys[0].Key.Id;
        kept.Value = kept.Value.With(new KeptKey(MasterKey.New(), time.GetUtcNow()));
        time.Advance(HashSealer.Lag);
        // As a server that has not read the first key.
        var ahead = new Stores(Fixture, new KeyRing(new Kept { Value = kept.Value.Without(former) with { First = new KeyId(1) } }, time));
        await ahead.Suppressions.SuppressAsync(Sample.Number, "Other", Sample.Now, Test);
        var now = new Stores(Fixture, new KeyRing(kept, time));

        await now.Resealing.CatchUpAsync(Test);
        await now.Resealing.CatchUpAsync(Test);

        Assert.Equal(2, await CountAsync());
        Assert.Equal(
            ["MYBRAND", "OTHER"],
            (await now.Suppressions.ListAsync(Sample.Number, 10, Test)).Select(one => one.Sender!.ToUpperInvariant())
                .Order(StringComparer.Ordinal));
        Assert.Equal([kept.Value.Keys[1].Key.Id], (await now.Resealing.CountAsync(Test)).Keys);
        Assert.NotNull((await now.LineKeys.DestroyAsync(Sample.Number, Test))!.Twin);
        Assert.Equal(0, await CountAsync());
        Assert.Empty(await now.Suppressions.ListAsync(Sample.Number, 10, Test));
    }

    [Fact]
    public async Task The_row_tells_nobody_whose_it_is()
    {
        var made = await Fixture.Lines.ObtainAsync(Sample.Number, Test);

        var rows = await Fixture.Keys.Database.ReadAsync(
            new Statement("SELECT number_hash, secret FROM line_keys"),
            row => (Hash: row.GetFieldValue<byte[]>(0), Secret: row.GetFieldValue<byte[]>(1)), Test);

        var (hash, secret) = Assert.Single(rows);
        Assert.Equal(32, hash.Length);
        Assert.True(secret.AsSpan().IndexOf(made.ToBytes()) < 0);
    }

    [Fact]
    public async Task A_key_that_was_destroyed_is_told_and_stays_owed_where_the_files_cannot_be_rid_of_it()
    {
        var (database, keys, secrets) = Open();
        var made = await Fixture.Lines.ObtainAsync(Sample.Number, Test);
        database.Scrub = () => throw new TimeoutException();

        var (_, destroyed) = await secrets.DestroyAsync(Sample.Number, null, Test);
        await secrets.ScrubAsync();
        var owed = keys.Owed;
        database.Scrub = () => true;
        await keys.ScrubAsync(Test);

        Assert.Equal(made.Id, destroyed!.Id);
        Assert.Contains("line_keys", owed);
        Assert.Contains("line_keys", database.Scrubbed);
        Assert.Empty(keys.Owed);
    }

    [Fact]
    public async Task The_files_are_rid_once_of_what_was_destroyed_and_are_left_alone_where_nothing_was()
    {
        var (database, keys, secrets) = Open();
        await keys.ScrubAsync(Test);
        database.Scrubbed.Clear();

        await secrets.DestroyAsync(Sample.Number, LineKey.New(), Test);
        await secrets.ScrubAsync();
        Assert.Empty(database.Scrubbed);
        await new LinePseudonymStore(keys, Fixture.Hasher, Fixture.Hashes, Fixture.Plan).ObtainAsync([Sample.Number], Sample.Now, Test);
        await secrets.DestroyAsync(Sample.Number, LineKey.New(), Test);
        await secrets.DestroyAsync(Sample.Number, null, Test);
        await secrets.DestroyAsync(Sample.Number, null, Test);
        await secrets.ScrubAsync();
        await secrets.ScrubAsync();

        Assert.Equal(["line_keys", "lines"], database.Scrubbed);
    }

    [Fact]
    public async Task What_is_destroyed_while_the_files_are_being_rid_of_something_is_owed_anew()
    {
        var (database, keys, _) = Open();
        database.Scrub = () =>
        {
            keys.Owe("line_keys");
            return true;
        };
        keys.Owe("line_keys");

        await keys.ScrubAsync(Test);

        Assert.Equal(["line_keys"], keys.Owed);
    }

    private (ScrubbedDatabase Database, KeyDatabase Keys, LineSecrets Secrets) Open()
    {
        var database = new ScrubbedDatabase(Fixture.Keys.Database);
        var keys = KeyDatabase.Of(database);
        return (database, keys, new LineSecrets(
            new LinePseudonymStore(keys, Fixture.Hasher, Fixture.Hashes, Fixture.Plan),
            new LineKeyStore(keys, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan), keys));
    }

    private static List<KeyOwner> Numbers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (KeyOwner)PhoneNumber.Parse($"+1202555{i:0000}"))];

    private Task<WriteResult[]> SpoilAsync(LineKeyId id) => Fixture.Keys.Database.WriteAsync(
        [new Statement("UPDATE line_keys SET secret = @secret WHERE id = @id", ("@secret", new byte[80]), ("@id", id.ToBytes()))], Test);

    private async Task<long> CountAsync() => (await Fixture.Keys.Database.ReadAsync(
        new Statement("SELECT count(*) FROM line_keys"), row => row.GetInt64(0), Test))[0];
}

/// <summary>Remembers which tables were scrubbed.</summary>
internal sealed class ScrubbedDatabase(IDatabase inner) : IDatabase
{
    public List<string> Scrubbed { get; } = [];

    /// <summary>What comes of it.</summary>
    public Func<bool> Scrub { get; set; } = () => true;

    public Task<bool> ScrubAsync(string table, CancellationToken cancellationToken)
    {
        var isDone = Scrub();
        Scrubbed.Add(table);
        return Task.FromResult(isDone);
    }

    public void Migrate() => inner.Migrate();

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        inner.ReadAsync(statement, read, cancellationToken);

    public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
        inner.WriteAsync(statements, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class LineKeyStoreOnSqlite(SqliteFixture fixture) : LineKeyStoreContract(fixture), IClassFixture<SqliteFixture>
{
    private readonly SqliteFixture _fixture = fixture;

    [Fact]
    public async Task A_key_that_was_destroyed_is_in_none_of_the_files()
    {
        var made = await Fixture.Lines.ObtainAsync(Sample.Number, Test);
        Assert.True(await IsInFilesAsync(made.Id));

        await Fixture.Lines.DestroyAsync(Sample.Number, Test);
        await Fixture.Keys.ScrubAsync(Test);

        Assert.False(await IsInFilesAsync(made.Id));
    }

    [Fact]
    public async Task What_somebody_was_reading_when_it_was_destroyed_goes_from_the_files_afterwards()
    {
        var made = await Fixture.Lines.ObtainAsync(Sample.Number, Test);
        await using (var reader = new SqliteConnection(StoreConnection.KeysBeside(_fixture.Connection)))
        {
            await reader.OpenAsync(Test);
            await using var transaction = reader.BeginTransaction(deferred: true);
            await using var command = new SqliteCommand("SELECT count(*) FROM line_keys", reader, transaction);
            Assert.Equal(1L, await command.ExecuteScalarAsync(Test));
            await Fixture.Lines.DestroyAsync(Sample.Number, Test);
            await Fixture.Keys.ScrubAsync(Test);
            Assert.True(await IsInFilesAsync(made.Id));
        }

        await Fixture.Keys.ScrubAsync(Test);

        Assert.False(await IsInFilesAsync(made.Id));
    }

    private async Task<bool> IsInFilesAsync(LineKeyId id)
    {
        var isThere = false;
        var folder = Path.GetDirectoryName(_fixture.File)!;
        foreach (var file in Directory.GetFiles(folder, "*.lines.db*"))
        {
            isThere |= (await SharedFile.ReadAsync(file, Test)).AsSpan().IndexOf(id.ToBytes()) >= 0;
        }
        return isThere;
    }
}

public sealed class LineKeyStoreOnPostgres(PostgresFixture fixture) : LineKeyStoreContract(fixture), IClassFixture<PostgresFixture>
{
    private readonly PostgresFixture _fixture = fixture;

    [Fact]
    public async Task A_dump_that_holds_the_table_keeps_nobody_waiting_and_the_table_is_written_anew_afterwards()
    {
        await Fixture.Lines.ObtainAsync(Sample.Number, Test);
        var before = await FileAsync();
        await using (var dump = _fixture.Connect())
        {
            await dump.OpenAsync(Test);
            await using var transaction = await dump.BeginTransactionAsync(Test);
            await using var command = dump.CreateCommand();
            (command.CommandText, command.Transaction) = ("LOCK TABLE line_keys IN ACCESS SHARE MODE", transaction);
            await command.ExecuteNonQueryAsync(Test);
            await Fixture.Lines.DestroyAsync(Sample.Number, Test);
            await Fixture.Keys.ScrubAsync(Test);
            Assert.Null(await Fixture.Lines.FindAsync(Sample.Number, Test));
            Assert.Equal(before, await FileAsync());
        }

        await Fixture.Keys.ScrubAsync(Test);

        Assert.NotEqual(before, await FileAsync());
    }

    [Fact]
    public async Task Of_an_erased_line_neither_its_key_nor_its_pseudonym_stays_in_the_files()
    {
        var pseudonyms = new LinePseudonymStore(Fixture.Keys, Fixture.Hasher, Fixture.Hashes, Fixture.Plan);
        await pseudonyms.ObtainAsync([Sample.Number], Sample.Now, Test);
        await Fixture.Lines.ObtainAsync(Sample.Number, Test);
        var secrets = new LineSecrets(pseudonyms, Fixture.Lines, Fixture.Keys);
        await secrets.ScrubAsync();
        var before = (await FileAsync(), await FileAsync("lines"));

        await secrets.DestroyAsync(Sample.Number, null, Test);
        await secrets.ScrubAsync();

        var after = (await FileAsync(), await FileAsync("lines"));
        Assert.NotEqual(before.Item1, after.Item1);
        Assert.NotEqual(before.Item2, after.Item2);
    }

    private async Task<long> FileAsync(string table = "line_keys") => (await Fixture.Keys.Database.ReadAsync(
        new Statement("SELECT CAST(pg_relation_filenode(CAST(@table AS regclass)) AS bigint)", ("@table", table)),
        row => row.GetInt64(0), Test))[0];
}
