using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage;

internal sealed class ImportStore(IDatabase database, Sealer sealer, PersonRecordKeys keys, ILineKeys lines) : IImportStore
{
    private readonly Resealing _resealing = new(
        database, sealer, keys.Hashes, new RowSeals(sealer, keys.Hashes, NullLogger<RowSeals>.Instance), lines);
    private readonly SealedTable _records = SealedTables.PersonRecords(keys.Hashes);

    private const string Columns = "id, state, plan, next_line, added, changed, unchanged, repeated, bad, begun_at, touched_at";

    // A write of so many takes the one writer of SQLite some milliseconds; flows go in between.
    private const int AtOnce = 250;

    public async Task<RecordImport?> TryAddAsync(ImportPlan plan, long firstLine, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO record_imports (
                        source, state, is_dry_run, plan, next_line, added, changed, unchanged, repeated, bad, begun_at, touched_at)
                    VALUES (@source, 1, @is_dry_run, @plan, @next_line, 0, 0, 0, 0, 0, @now, @now)
                    ON CONFLICT DO NOTHING
                    RETURNING id
                    """,
                    ("@source", plan.Source),
                    ("@is_dry_run", plan.IsDryRun ? 1 : 0),
                    ("@plan", JsonSerializer.Serialize(plan, StoredJson.Default.ImportPlan)),
                    ("@next_line", firstLine),
                    ("@now", now.ToUnixTimeMilliseconds()))
                { ReturnsRow = true },
            ],
            cancellationToken);
        return outcomes[0].Row is [long id] ? await FindAsync(id, cancellationToken) : null;
    }

    public Task<RecordImport?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.FindAsync(new Statement($"SELECT {Columns} FROM record_imports WHERE id = @id", ("@id", id)), Read, cancellationToken);

    public Task<RecordImport?> FindActiveAsync(SourceName source, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM record_imports WHERE source = @source AND state IN (1, 2) AND is_dry_run = 0", ("@source", source)),
            Read,
            cancellationToken);

    public async Task<IReadOnlyList<RecordImport>> ListAsync(ImportState state, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                $"SELECT {Columns} FROM record_imports WHERE state IN (1, 2, 4) AND state = @state ORDER BY id", ("@state", (long)state)),
            Read,
            cancellationToken);

    public async Task<bool> TryAdvanceAsync(
        long id, long line, long nextLine, ImportCounts counts, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ChangeAsync(
            new Statement(
                """
                UPDATE record_imports
                SET next_line = @next_line, added = added + @added, changed = changed + @changed, unchanged = unchanged + @unchanged,
                    repeated = repeated + @repeated, bad = bad + @bad, touched_at = @now
                WHERE id = @id AND state = 1 AND next_line = @line
                """,
                ("@next_line", nextLine),
                ("@added", counts.Added),
                ("@changed", counts.Changed),
                ("@unchanged", counts.Unchanged),
                ("@repeated", counts.Repeated),
                ("@bad", counts.Rejected),
                ("@now", now.ToUnixTimeMilliseconds()),
                ("@id", id),
                ("@line", line)),
            cancellationToken) == 1;

    public async Task<bool> TryMoveAsync(
        long id, ImportState from, ImportState to, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ChangeAsync(
            new Statement(
                "UPDATE record_imports SET state = @to, touched_at = @now WHERE id = @id AND state = @from",
                ("@to", (long)to),
                ("@now", now.ToUnixTimeMilliseconds()),
                ("@id", id),
                ("@from", (long)from)),
            cancellationToken) == 1;

    public async Task<IReadOnlyList<PutOutcome>> PutAsync(
        RecordImport import, IReadOnlyList<(long Line, PersonRecord Record)> records, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var outcomes = new List<PutOutcome>(records.Count);
        foreach (var some in records.Chunk(AtOnce))
        {
            outcomes.AddRange(await PutAsync(import, some, now, cancellationToken));
        }
        return outcomes;
    }

    private async Task<PutOutcome[]> PutAsync(
        RecordImport import, (long Line, PersonRecord Record)[] some, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var numbers = Array.ConvertAll(some, item => (KeyOwner)item.Record.Number);
        // A trial makes no keys: of a line that has none nothing is there to be compared with.
        var found = import.Plan.IsDryRun
            ? await lines.FindAsync(numbers, cancellationToken)
            : await lines.ObtainAsync(numbers, cancellationToken);
        var unreadable = found.Where(one => one.Value is null).Select(one => one.Key).ToHashSet();
        if (unreadable.Count > 0)
        {
            var others = new Queue<PutOutcome>(await PutAsync(
                import, [.. some.Where(item => !unreadable.Contains(item.Record.Number))], now, cancellationToken));
            return Array.ConvertAll(some, item => unreadable.Contains(item.Record.Number)
                ? new PutOutcome(PutKind.Unreadable) : others.Dequeue());
        }
        if (keys.Hashes.HasSeveralKeys)
        {
            // What is there under another key would not be found to be the same.
            foreach (var (owner, line) in found)
            {
                await _resealing.CatchUpAsync(_records, keys.Open(keys.Numbers.Of(owner.Number!.Value, line!)), cancellationToken);
            }
        }
        // Afterwards: a key may have begun meanwhile.
        var rows = Array.ConvertAll(some, item => Row.Of(
            item.Line, item.Record, found.GetValueOrDefault(item.Record.Number) ?? LineKey.New(), import, now, keys));
        if (import.Plan.IsDryRun)
        {
            return await CompareAsync(rows, cancellationToken);
        }
        var outcomes = await WriteAsync(rows, import, now, cancellationToken);
        if (await TakeBackAsync(rows) is not { Count: > 0 } erased)
        {
            return outcomes;
        }
        var again = new Queue<PutOutcome>(await PutAsync(
            import, [.. some.Where(item => erased.Contains(item.Record.Number))], now, CancellationToken.None));
        return [.. some.Zip(outcomes, (item, outcome) => erased.Contains(item.Record.Number) ? again.Dequeue() : outcome)];
    }

    /// <summary>
    /// Removes what was written for lines that were erased meanwhile. Whoever erases finds what was written before.
    /// </summary>
    /// <returns>The numbers of those lines, as they were imported.</returns>
    private async Task<HashSet<PhoneNumber>> TakeBackAsync(Row[] rows)
    {
        // What was written is settled, whoever still waits.
        var there = await lines.ListThereAsync([.. rows.Select(row => row.Key.Id)], CancellationToken.None);
        var erased = rows.Where(row => !there.Contains(row.Key.Id)).ToList();
        if (erased.Count > 0)
        {
            await database.WriteAsync(
                [
                    .. erased.Select(row => new Statement(
                        "DELETE FROM person_records WHERE number_hash = @number_hash", ("@number_hash", row.NumberHash))),
                ],
                CancellationToken.None);
        }
        return [.. erased.Select(row => row.Number)];
    }

    public async Task<int> SettleAsync(long id, int limit, CancellationToken cancellationToken)
    {
        if (keys.Hashes.HasSeveralKeys)
        {
            // The record that is replaced may be under another key than the one that waits.
            var staged = await database.ReadAsync(
                new Statement(
                    "SELECT number_hash FROM person_records WHERE stage <> 0 AND stage = @id ORDER BY seq LIMIT @limit",
                    ("@id", id),
                    ("@limit", limit)),
                row => keys.Open(row.GetFieldValue<byte[]>(0)),
                cancellationToken);
            foreach (var hash in staged.DistinctBy(Convert.ToHexString, StringComparer.Ordinal))
            {
                await _resealing.CatchUpAsync(_records, hash, cancellationToken);
            }
        }
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM person_records WHERE seq IN (
                        SELECT old.seq
                        FROM (
                            SELECT number_hash, record_hash FROM person_records
                            WHERE stage <> 0 AND stage = @id ORDER BY seq LIMIT @limit) staged
                        JOIN person_records old
                          ON old.number_hash = staged.number_hash AND old.record_hash = staged.record_hash AND old.stage = 0)
                    """,
                    ("@id", id),
                    ("@limit", limit)),
                new Statement(
                    """
                    UPDATE person_records SET stage = 0
                    WHERE seq IN (SELECT seq FROM person_records WHERE stage <> 0 AND stage = @id ORDER BY seq LIMIT @limit)
                    """,
                    ("@id", id),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[1].Changed;
    }

    public Task<int> RemoveStagedAsync(long id, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(
            new Statement(
                "DELETE FROM person_records WHERE seq IN (SELECT seq FROM person_records WHERE stage <> 0 AND stage = @id ORDER BY seq "
                    + "LIMIT @limit)",
                ("@id", id),
                ("@limit", limit)),
            cancellationToken);

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(
            new Statement(
                "DELETE FROM record_imports WHERE id IN (SELECT id FROM record_imports WHERE state IN (3, 5) AND touched_at < @before "
                    + "LIMIT @limit)",
                ("@before", before.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            cancellationToken);

    private async Task<PutOutcome[]> WriteAsync(Row[] rows, RecordImport import, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The first statement holds the import: whoever ends it waits for these rows, and rows that come after its end are not written.
        var outcomes = await database.WriteAsync(
            [Touch(import.Id, now), .. rows.Select(row => Put(row, import))], cancellationToken);
        if (outcomes[0].Changed == 0)
        {
            return Array.ConvertAll(rows, _ => new PutOutcome(PutKind.Refused));
        }
        return [.. rows.Zip(outcomes.Skip(1), OutcomeOf)];
    }

    private static PutOutcome OutcomeOf(Row row, WriteResult outcome)
    {
        if (outcome.Row is not [long revision, long line, byte[] digest])
        {
            return new PutOutcome(PutKind.Refused);
        }
        return (line == row.Line, digest.AsSpan().SequenceEqual(row.Digest)) switch
        {
            (true, true) => new PutOutcome(revision < 0 ? PutKind.Unchanged : revision == 1 ? PutKind.Added : PutKind.Changed),
            (false, true) => new PutOutcome(PutKind.Repeated, line),
            _ => new PutOutcome(PutKind.Contradicts, line),
        };
    }

    /// <summary>As if the rows were put, but for those that repeat each other.</summary>
    private async Task<PutOutcome[]> CompareAsync(Row[] rows, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            Array.ConvertAll(rows, row => new Statement(
                "SELECT digest FROM person_records WHERE number_hash = @number_hash AND record_hash = @record_hash AND stage = 0",
                ("@number_hash", row.NumberHash),
                ("@record_hash", row.RecordHash))
            { ReturnsRow = true }),
            cancellationToken);
        return [.. rows.Zip(outcomes, (row, outcome) => new PutOutcome(
            outcome.Row is not [byte[] digest] ? PutKind.Added
            : digest.AsSpan().SequenceEqual(row.Digest) ? PutKind.Unchanged
            : PutKind.Changed))];
    }

    private static Statement Touch(long id, DateTimeOffset now) => new(
        "UPDATE record_imports SET touched_at = @now WHERE id = @id AND state = 1",
        ("@now", now.ToUnixTimeMilliseconds()),
        ("@id", id));

    /// <summary>
    /// Writes a record. One that this import has brought stays: so a piece that is sent twice has the same outcomes both times, and the
    /// second of two lines with one record finds the first, also where the first has changed nothing. The revision is negative where the
    /// import found the record as it brought it; that too is marked with the import and its line, and is as new as today.
    /// </summary>
    private Statement Put(Row row, RecordImport import) => new(
        """
        INSERT INTO person_records (
            number_hash, record_hash, stage, source, import_id, line, revision, kept_from, digest, body, number_form)
        SELECT @number_hash, @record_hash, @stage, @source, @import_id, @line,
            COALESCE(
                (SELECT CASE WHEN digest = @digest THEN -ABS(revision) ELSE 1 + ABS(revision) END
                FROM person_records WHERE number_hash = @number_hash AND record_hash = @record_hash AND stage = 0),
                1),
            @kept_from, @digest, @body, 2
        WHERE EXISTS (SELECT 1 FROM record_imports WHERE id = @import_id AND state = 1)
        ON CONFLICT (number_hash, record_hash, stage) DO UPDATE
        SET revision = CASE WHEN person_records.import_id = excluded.import_id THEN person_records.revision ELSE excluded.revision END,
            line = CASE WHEN person_records.import_id = excluded.import_id THEN person_records.line ELSE excluded.line END,
            kept_from = CASE WHEN person_records.import_id = excluded.import_id THEN person_records.kept_from ELSE excluded.kept_from END,
            digest = CASE WHEN person_records.import_id = excluded.import_id THEN person_records.digest ELSE excluded.digest END,
            body = CASE WHEN person_records.import_id = excluded.import_id OR person_records.digest = excluded.digest
                THEN person_records.body ELSE excluded.body END,
            import_id = excluded.import_id
        RETURNING revision, line, digest
        """,
        ("@number_hash", row.NumberHash),
        ("@record_hash", row.RecordHash),
        ("@stage", import.Stage),
        ("@source", import.Plan.Source),
        ("@import_id", import.Id),
        ("@line", row.Line),
        ("@kept_from", row.KeptFrom),
        ("@digest", row.Digest),
        ("@body", sealer.Seal(row.Body, keys.PlaceIn(row.NumberHash, row.RecordHash), row.Key)))
    { ReturnsRow = true };

    private async Task<int> ChangeAsync(Statement statement, CancellationToken cancellationToken) =>
        (await database.WriteAsync([statement], cancellationToken))[0].Changed;

    private static RecordImport Read(DbDataReader row) => new(
        row.GetInt64(0),
        JsonSerializer.Deserialize(row.GetString(2), StoredJson.Default.ImportPlan)!,
        (ImportState)row.GetInt64(1),
        row.GetInt64(3),
        new ImportCounts(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)));

    /// <summary>A record on its way into the table.</summary>
    private sealed record Row(
        long Line, PhoneNumber Number, LineKey Key, byte[] NumberHash, byte[] RecordHash, byte[] Digest, byte[] Body, long KeptFrom)
    {
        public static Row Of(
            long line, PersonRecord record, LineKey key, RecordImport import, DateTimeOffset now, PersonRecordKeys keys)
        {
            var number = record.Number;
            record = record with { Number = keys.Numbers.FormOf(number) };
            var body = JsonSerializer.SerializeToUtf8Bytes(RecordBody.Of(record), StoredJson.Default.RecordBody);
            // A record that ends keeps its time from that day on, however often it is brought.
            var keptFrom = record.ValidTo is { } end ? new DateTimeOffset(end.ToDateTime(TimeOnly.MaxValue), TimeSpan.Zero) : now;
            return new Row(
                line, number, key, keys.Numbers.Of(number, key), keys.OfRecord(import.Plan.Source, record, key),
                keys.DigestOf(body, key), body, keptFrom.ToUnixTimeMilliseconds());
        }

        public override string ToString() => "***";
    }
}
