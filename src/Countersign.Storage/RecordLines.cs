using System.Data.Common;
using System.Text.Json;
using Countersign.Core.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage;

/// <summary>
/// Brings records that were imported under their number as written to the one form of its line, and those from before lines had keys
/// under the line's key, also those that wait for their import's commit. Of one record in two forms what the later import brought stays.
/// Like <see cref="IdentityLines"/> it may be done by many nodes, be broken off and be repeated.
/// </summary>
internal sealed class RecordLines(IDatabase database, Sealer sealer, PersonRecordKeys keys, ILineKeys lines)
{
    private readonly Resealing _resealing = new(
        database, sealer, keys.Hashes, new RowSeals(sealer, keys.Hashes, NullLogger<RowSeals>.Instance), lines);
    private readonly SealedTable _records = SealedTables.PersonRecords(keys.Hashes);

    /// <summary>Looks at all rows that were not looked at.</summary>
    /// <param name="atOnce">The most rows of one write.</param>
    public async Task<LineCounts> CatchUpAsync(int atOnce, CancellationToken cancellationToken)
    {
        var counts = new LineCounts();
        var after = 0L;
        while (true)
        {
            var rows = await PageAsync(after, atOnce, cancellationToken);
            if (rows.Count > 0 && keys.Hashes.HasSeveralKeys)
            {
                await ResealAsync(rows, cancellationToken);
                rows = await PageAsync(after, atOnce, cancellationToken);
            }
            if (rows.Count == 0)
            {
                return counts;
            }
            counts += await LookAsync(rows, cancellationToken);
            after = rows[^1].Seq;
        }
    }

    private Task<List<Row>> PageAsync(long after, int atOnce, CancellationToken cancellationToken) => database.ReadAsync(
        new Statement(
            """
            SELECT seq, number_hash, record_hash, stage, body FROM person_records
            WHERE number_form < 2 AND seq > @after ORDER BY seq LIMIT @limit
            """,
            ("@after", after),
            ("@limit", atOnce)),
        Read,
        cancellationToken);

    /// <summary>
    /// Brings rows, and those that may stand in their new places, under one key: they are compared by what they stand under.
    /// </summary>
    private async Task ResealAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        var (_, opened) = await OpenAsync(rows, cancellationToken);
        foreach (var (row, body, line) in opened)
        {
            await _resealing.CatchUpAsync(_records, keys.Open(row.NumberHash), cancellationToken);
            await _resealing.CatchUpAsync(_records, keys.Open(keys.Numbers.Of(body.Number, line)), cancellationToken);
        }
    }

    /// <summary>Rows that can be opened, each with its line's key, and how many cannot.</summary>
    private async Task<(int Unreadable, List<(Row Row, RecordBody Body, LineKey Line)> Rows)> OpenAsync(
        List<Row> rows, CancellationToken cancellationToken)
    {
        var known = await lines.OfAsync(rows.Select(row => row.Body), LineRows.None, cancellationToken);
        var opened = rows.Select(row => (Row: row, Body: OpenOrNull(row, known))).Where(one => one.Body is not null).ToList();
        var obtained = await lines.ObtainAsync([.. opened.Select(one => one.Body!.Number)], cancellationToken);
        var lined = opened.Where(one => obtained[one.Body!.Number] is not null).ToList();
        return (rows.Count - lined.Count, [.. lined.Select(one => (one.Row, one.Body!, obtained[one.Body!.Number]!))]);
    }

    private async Task<LineCounts> LookAsync(List<Row> rows, CancellationToken cancellationToken)
    {
        var (unreadable, opened) = await OpenAsync(rows, cancellationToken);
        var counts = new LineCounts(Looked: rows.Count, Unreadable: unreadable);
        var (asTheyAre, moving) = (new List<Statement>(), new List<(Row Row, RecordBody Body, LineKey Line)>());
        foreach (var (row, body, line) in opened)
        {
            if (row.NumberHash.AsSpan().SequenceEqual(keys.Numbers.Of(body.Number, line)))
            {
                asTheyAre.Add(new Statement(
                    "UPDATE person_records SET number_form = 2 WHERE seq = @seq AND number_hash = @number_hash",
                    ("@seq", row.Seq),
                    ("@number_hash", row.NumberHash)));
            }
            else
            {
                moving.Add((row, body with { Number = keys.Numbers.FormOf(body.Number) }, line));
            }
        }
        foreach (var some in moving.Chunk(LineCounts.AtOnce))
        {
            var moved = await Task.WhenAll(some.Select(one => MoveAsync(one.Row, one.Body, one.Line, cancellationToken)));
            counts = moved.Aggregate(counts, (sum, one) => sum + one);
        }
        if (asTheyAre.Count > 0)
        {
            await database.WriteAsync([.. asTheyAre], cancellationToken);
        }
        return counts;
    }

    private async Task<LineCounts> MoveAsync(Row row, RecordBody body, LineKey line, CancellationToken cancellationToken)
    {
        try
        {
            var outcomes = await database.WriteAsync(Move(row, body, line), cancellationToken);
            return new LineCounts(Moved: outcomes[2].Changed, Joined: outcomes[1].Changed + outcomes[3].Changed);
        }
        catch (DbException exception) when (exception.SqlState == IdentityLines.UniqueViolation)
        {
            // Somebody was first with a record of this key: the next look finds it.
            return new LineCounts();
        }
    }

    private Statement[] Move(Row row, RecordBody body, LineKey line)
    {
        var hash = keys.Numbers.Of(body.Number, line);
        var record = Sealer.LineOf(row.Body) is null ? keys.Bind(row.RecordHash, line) : row.RecordHash;
        var json = JsonSerializer.SerializeToUtf8Bytes(body, StoredJson.Default.RecordBody);
        return
        [
            // Changes nothing, and holds the row for what follows.
            new Statement("UPDATE person_records SET number_form = number_form WHERE seq = @seq", ("@seq", row.Seq)),
            new Statement(
                """
                DELETE FROM person_records
                WHERE number_hash = @number_hash AND record_hash = @record_hash AND stage = @stage
                  AND import_id < (SELECT mine.import_id FROM person_records mine WHERE mine.seq = @seq AND mine.body = @read)
                """,
                ("@number_hash", hash),
                ("@record_hash", record),
                ("@stage", row.Stage),
                ("@seq", row.Seq),
                ("@read", row.Body)),
            new Statement(
                """
                UPDATE person_records
                SET number_hash = @number_hash, record_hash = @record_hash, digest = @digest, body = @body, number_form = 2
                WHERE seq = @seq AND body = @read
                  AND NOT EXISTS (
                    SELECT 1 FROM person_records other
                    WHERE other.number_hash = @number_hash AND other.record_hash = @record_hash AND other.stage = @stage)
                """,
                ("@number_hash", hash),
                ("@record_hash", record),
                ("@digest", keys.DigestOf(json, line)),
                ("@body", sealer.Seal(json, keys.PlaceIn(hash, record), line)),
                ("@seq", row.Seq),
                ("@read", row.Body),
                ("@stage", row.Stage)),
            new Statement(
                """
                DELETE FROM person_records
                WHERE seq = @seq AND body = @read
                  AND EXISTS (
                    SELECT 1 FROM person_records other
                    WHERE other.number_hash = @number_hash AND other.record_hash = @record_hash AND other.stage = @stage)
                """,
                ("@seq", row.Seq),
                ("@read", row.Body),
                ("@number_hash", hash),
                ("@record_hash", record),
                ("@stage", row.Stage)),
        ];
    }

    private RecordBody? OpenOrNull(Row row, IReadOnlyDictionary<LineKeyId, LineKey> known)
    {
        try
        {
            return JsonSerializer.Deserialize(
                sealer.Open(row.Body, keys.PlaceIn(row.NumberHash, row.RecordHash), known), StoredJson.Default.RecordBody);
        }
        catch (Exception)
        {
            // As in IdentityLines.
            return null;
        }
    }

    private static Row Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4));

    private sealed record Row(long Seq, byte[] NumberHash, byte[] RecordHash, long Stage, byte[] Body)
    {
        public override string ToString() => "***";
    }
}
