using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Reads and ages records; <see cref="ImportStore"/> writes them.</summary>
internal sealed class PersonRecordStore(IDatabase database, Sealer sealer, PersonRecordKeys keys) : IPersonRecords
{
    // Rows that are replaced by an import just committed are read and passed over.
    private const int MaxRows = 2 * IPersonRecords.MaxPersons;

    // Opened where there is no record: so that the time does not tell whether there is one.
    private const string PlaceOfNobody = "person_records.body:nobody";
    private static readonly byte[] _nobody = JsonSerializer.SerializeToUtf8Bytes(
        new RecordBody(PhoneNumber.Parse("+12025550100"), "Walburga", "Oppenheimer"), StoredJson.Default.RecordBody);
    private byte[] _sealedNobody = [];

    public async Task<IReadOnlyList<KeptRecord>> FindAsync(
        PhoneNumber number, ProjectId project, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What a project does not see is passed over before anything of it is opened: it costs what no record costs. The state stands in
        // the SQL and not in a value, as everywhere. What an import has brought goes before what it replaces.
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
                [.. keys.Numbers.AllOf(number), ("@project_id", project), ("@limit", MaxRows)]),
            row => (Key: Convert.ToHexString(keys.Open(row.GetFieldValue<byte[]>(1))), Kept: Read(row, keys, sealer)),
            cancellationToken);
        if (rows.Count == 0)
        {
            _ = Open(SealedNobody(), PlaceOfNobody, sealer);
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
        var outcomes = await database.WriteAsync(
            [
                new Statement($"DELETE FROM person_records WHERE number_hash IN {NumberHashes.All}", keys.Numbers.AllOf(number)),
                new Statement($"DELETE FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", keys.Verified.AllOf(number)),
                new Statement($"DELETE FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", keys.Left.AllOf(number)),
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
    internal static KeptRecord Read(DbDataReader row, PersonRecordKeys keys, Sealer sealer)
    {
        var place = keys.PlaceIn(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1));
        return new KeptRecord(Open(row.GetFieldValue<byte[]>(4), place, sealer), SourceName.Parse(row.GetString(2)), row.GetInt64(3));
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
            nobody = sealer.Seal(_nobody, PlaceOfNobody);
            Volatile.Write(ref _sealedNobody, nobody);
        }
        return nobody;
    }

    private static PersonRecord Open(byte[] body, string place, Sealer sealer) =>
        JsonSerializer.Deserialize(sealer.Open(body, place), StoredJson.Default.RecordBody)!.Open();

    private async Task<int> ChangeAsync(Statement statement, CancellationToken cancellationToken) =>
        (await database.WriteAsync([statement], cancellationToken))[0].Changed;
}
