using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Reads and ages records; <see cref="ImportStore"/> writes them.</summary>
internal sealed class PersonRecordStore(IDatabase database, Sealer sealer, PersonRecordKeys keys, ILineKeys lines) : IPersonRecords
{
    // Rows that are replaced by an import just committed are read and passed over.
    private const int MaxRows = 2 * IPersonRecords.MaxPersons;

    // Opened where there is no record: so that the time does not tell whether there is one.
    private const string PlaceOfNobody = "person_records.body:nobody";
    private static readonly byte[] _nobody = JsonSerializer.SerializeToUtf8Bytes(
        new RecordBody(PhoneNumber.Parse("+12025550100"), "Walburga", "Oppenheimer"), StoredJson.Default.RecordBody);
    private readonly LineKey _nobodysLine = LineKey.New();
    private byte[] _sealedNobody = [];

    public async Task<IReadOnlyList<KeptRecord>> FindAsync(
        PhoneNumber number, ProjectId project, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What a project does not see is passed over before anything of it is opened: it costs what no record costs. The state stands in
        // the SQL and not in a value, as everywhere. What an import has brought goes before what it replaces.
        var line = await lines.FindAsync(number, cancellationToken);
        var rows = await database.ReadAsync(
            new Statement(
                $"""
                SELECT r.number_hash, r.record_hash, r.source, r.import_id, r.body
                FROM person_records r LEFT JOIN record_imports i ON i.id = r.stage
                WHERE r.number_hash IN {NumberHashes.All} AND (r.stage = 0 OR i.state = 2)
                  AND (EXISTS (SELECT 1 FROM record_visibility v WHERE v.source = r.source AND v.project_id = @project_id)
                    OR EXISTS (SELECT 1 FROM record_sources s WHERE s.source = r.source AND s.is_for_all = 1))
                ORDER BY r.stage DESC, r.seq DESC LIMIT @limit
                """,
                [.. keys.Numbers.AllOf(number, line ?? _nobodysLine), ("@project_id", project), ("@limit", MaxRows)]),
            row => (Key: KeyOf(row, line), Kept: Read(row, keys, sealer, line)),
            cancellationToken);
        if (rows.Count == 0)
        {
            _ = sealer.Open(SealedNobody(), PlaceOfNobody, LineRows.Of(_nobodysLine));
        }
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return
        [
            .. rows.DistinctBy(row => row.Key, StringComparer.Ordinal)
                .Select(row => row.Kept)
                .Where(kept => !(kept.Record.ValidFrom > today) && !(kept.Record.ValidTo < today))
                .Take(IPersonRecords.MaxPersons),
        ];
    }

    public async Task<IReadOnlyList<RecordSource>> ListSourcesAsync(CancellationToken cancellationToken)
    {
        var seen = await database.ReadAsync(
            new Statement("SELECT source, project_id FROM record_visibility ORDER BY project_id"),
            row => (Source: SourceName.Parse(row.GetString(0)), Project: ProjectId.Parse(row.GetString(1))),
            cancellationToken);
        var projects = seen.ToLookup(one => one.Source, one => one.Project);
        return await database.ReadAsync(
            new Statement(
                """
                SELECT s.source, s.records,
                    (SELECT max(i.touched_at) FROM record_imports i WHERE i.source = s.source AND i.state = 3 AND i.is_dry_run = 0),
                    COALESCE((SELECT k.is_for_all FROM record_sources k WHERE k.source = s.source), 0)
                FROM (
                    SELECT source, max(records) AS records
                    FROM (
                        SELECT source, count(*) AS records FROM person_records WHERE stage = 0 GROUP BY source
                        UNION ALL SELECT source, 0 FROM record_sources) one
                    GROUP BY source) s
                ORDER BY s.source
                """)
            {
                TakesLong = true,
            },
            row => SourceOf(row, projects),
            cancellationToken);
    }

    public async Task<int> RemoveAsync(PhoneNumber number, CancellationToken cancellationToken)
    {
        var line = await LineEverywhere.FindAsync(database, lines, number, former: null, cancellationToken);
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    $"DELETE FROM person_records WHERE number_hash IN {NumberHashes.All}", keys.Numbers.AllOf(number, line.Line)),
                .. keys.Verified.AllOf(number, line).Concat(keys.Left.AllOf(number, line)).Select(all => new Statement(
                    $"DELETE FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", all)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    public async Task<int> RemoveAsync(SourceName source, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    "DELETE FROM person_records WHERE seq IN (SELECT seq FROM person_records WHERE source = @source LIMIT @limit)",
                    ("@source", source),
                    ("@limit", limit)),
                // Who has chosen the projects of a source has chosen them for its next file too.
                new Statement(
                    """
                    DELETE FROM record_sources
                    WHERE source = @source
                      AND (is_for_all = 1 OR NOT EXISTS (SELECT 1 FROM record_visibility WHERE source = @source))
                      AND NOT EXISTS (SELECT 1 FROM person_records WHERE source = @source)
                    """,
                    ("@source", source)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    public Task<int> RemoveOutdatedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        ChangeAsync(
            new Statement(
                "DELETE FROM person_records WHERE seq IN (SELECT seq FROM person_records WHERE kept_from < @before ORDER BY kept_from "
                    + "LIMIT @limit)",
                ("@before", before.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            cancellationToken);

    /// <summary>Reads number and record as hashes, source, import and body.</summary>
    internal static KeptRecord Read(DbDataReader row, PersonRecordKeys keys, Sealer sealer, LineKey? line)
    {
        var place = keys.PlaceIn(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1));
        var body = sealer.Open(row.GetFieldValue<byte[]>(4), place, LineRows.Of(line));
        return new KeptRecord(
            JsonSerializer.Deserialize(body, StoredJson.Default.RecordBody)!.Open(), SourceName.Parse(row.GetString(2)), row.GetInt64(3));
    }

    /// <summary>By what a record is known to be the same as another.</summary>
    private string KeyOf(DbDataReader row, LineKey? line)
    {
        var hash = keys.Open(row.GetFieldValue<byte[]>(1));
        // One from before lines had keys may be replaced by one of this version.
        var isFormer = Sealer.LineOf(row.GetFieldValue<byte[]>(4)) is null;
        return Convert.ToHexString(isFormer && line is not null ? line.Bind(hash) : hash);
    }

    private static RecordSource SourceOf(DbDataReader row, ILookup<SourceName, ProjectId> projects)
    {
        var name = SourceName.Parse(row.GetString(0));
        return new RecordSource(
            name, row.GetInt64(1), row.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            new SourceVisibility(row.GetInt64(3) == 1, [.. projects[name]]));
    }

    /// <summary>Under the key that seals: the former may be gone.</summary>
    private byte[] SealedNobody()
    {
        var nobody = Volatile.Read(ref _sealedNobody);
        if (Sealer.KeyOf(nobody) != keys.Hashes.Ring.Sealing.Id)
        {
            nobody = sealer.Seal(_nobody, PlaceOfNobody, _nobodysLine);
            Volatile.Write(ref _sealedNobody, nobody);
        }
        return nobody;
    }

    private async Task<int> ChangeAsync(Statement statement, CancellationToken cancellationToken) =>
        (await database.WriteAsync([statement], cancellationToken))[0].Changed;
}
