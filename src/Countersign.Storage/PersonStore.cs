using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Storage;

/// <summary>Every table that holds something of a person is read or emptied here: <see cref="Inventory"/> lists them all.</summary>
internal sealed partial class PersonStore(
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan, PersonRecordKeys records,
    ILineKeys lines) : IPersonStore
{
    private const int AtOnce = 500;

    private readonly NumberHashes _identities = IdentityStore.HashesOf(hasher, hashes, plan);
    private readonly NumberHashes _stops = SuppressionStore.HashesOf(hasher, hashes, plan);
    private readonly CounterKeys _counters = new(hasher);
    private readonly PumpingKeys _abuse = new(hasher, plan);

    public async Task<IReadOnlyList<ProjectIdentity>> ListIdentitiesAsync(
        PhoneNumber line, LineKey? former, CancellationToken cancellationToken)
    {
        const string Columns = "id, project_id, standing, created_at, body, left_at";
        var everywhere = await LineEverywhere.FindAsync(database, lines, line, former, cancellationToken);
        var (key, found) = (everywhere.Line, new List<(IdentityStore.Row Row, ProjectIdentity? Identity)>());
        foreach (var all in _identities.AllOf(line, everywhere))
        {
            found.AddRange(await ReadIdentitiesAsync(
                new Statement($"SELECT {Columns} FROM identities WHERE number_hash IN {NumberHashes.All} ORDER BY id", all),
                everywhere.Known, cancellationToken));
        }
        // Who has left a number stands under it no more. What is sealed there names the line's key, and has the number in it: one from
        // before lines had keys is opened.
        for (IdentityStore.Row? last = null; ;)
        {
            var page = await ReadIdentitiesAsync(
                new Statement(
                    $"""
                    SELECT {Columns} FROM identities
                    WHERE left_at IS NOT NULL AND (left_at, id) > (@at, @id)
                      AND (number_form < 2 OR substr(body, {Sealer.LineIdAt + 1}, {LineKeyId.Size}) IN (@key_id, @twin_id))
                    ORDER BY left_at, id LIMIT @limit
                    """,
                    ("@key_id", key?.Id.ToBytes() ?? []), ("@twin_id", (key?.Twin ?? key)?.Id.ToBytes() ?? []),
                    ("@at", last?.LeftAt?.ToUnixTimeMilliseconds() ?? long.MinValue), ("@id", last?.Id ?? []), ("@limit", AtOnce))
                {
                    TakesLong = true,
                },
                everywhere.Known, cancellationToken);
            found.AddRange(page.Where(one => one.Identity?.Number == plan.FormOf(line)));
            if (page.Count < AtOnce)
            {
                return [.. found.Select(one => one.Identity).OfType<ProjectIdentity>()];
            }
            last = page[^1].Row;
        }
    }

    public async Task<IReadOnlyList<KeptRecord>> ListRecordsAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        var key = await lines.FindAsync(line, cancellationToken);
        var found = await database.ReadAsync(
            new Statement(
                $"""
                SELECT number_hash, record_hash, source, import_id, body FROM person_records WHERE number_hash IN {NumberHashes.All}
                ORDER BY seq
                """,
                records.Numbers.AllOf(line, key)),
            row => IfReadable(() => PersonRecordStore.Read(row, records, sealer, key)),
            cancellationToken);
        return [.. found.OfType<KeptRecord>()];
    }

    public async Task<IReadOnlyList<KeptMoment>> ListMomentsAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        var everywhere = await LineEverywhere.FindAsync(database, lines, line, former: null, cancellationToken);
        return
        [
            .. await ListMomentsAsync(records.Verified.AllOf(line, everywhere), hasLeft: false, cancellationToken),
            .. await ListMomentsAsync(records.Left.AllOf(line, everywhere), hasLeft: true, cancellationToken),
        ];
    }

    private async Task<IEnumerable<KeptMoment>> ListMomentsAsync(
        IEnumerable<(string Name, SqlValue Value)[]> hashesOfLine, bool hasLeft, CancellationToken cancellationToken)
    {
        var found = new List<KeptMoment>();
        foreach (var all in hashesOfLine)
        {
            found.AddRange(await database.ReadAsync(
                new Statement($"SELECT project_id, verified_at FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", all),
                row => new KeptMoment(
                    ProjectId.Parse(row.GetString(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), hasLeft),
                cancellationToken));
        }
        return found.OrderBy(moment => moment.Project.ToString(), StringComparer.Ordinal);
    }

    public async Task<ErasedCounts> EraseIdentitiesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        // Of the identity, and of those that were joined with it.
        const string Tied =
            """
            IN (SELECT @id UNION ALL SELECT alias.id FROM identity_aliases alias WHERE alias.identity_id = @id)
            """;
        var counts = new ErasedCounts();
        foreach (var id in ids)
        {
            (string, SqlValue) value = ("@id", id.ToByteArray(bigEndian: true));
            counts.Add(await WriteAsync(
                [
                    // Whoever joins it with another, or ties a device to it, comes before or after.
                    (null, new Statement("UPDATE identities SET number_form = number_form WHERE id = @id", value)),
                    (DataClass.Devices, new Statement(
                        $"DELETE FROM passkeys WHERE device_id IN (SELECT id FROM devices WHERE identity_id {Tied})", value)),
                    (DataClass.Devices, new Statement($"DELETE FROM devices WHERE identity_id {Tied}", value)),
                    (DataClass.Identities, new Statement("DELETE FROM identity_aliases WHERE identity_id = @id", value)),
                    (DataClass.Identities, new Statement("DELETE FROM identities WHERE id = @id RETURNING number_form", value)
                    {
                        ReturnsRow = true,
                    }),
                ],
                cancellationToken));
        }
        return counts;
    }

    public async Task<ErasedCounts> EraseLineAsync(
        PhoneNumber line, LineKey? former, bool keepsStop, CancellationToken cancellationToken)
    {
        var everywhere = await LineEverywhere.FindAsync(database, lines, line, former, cancellationToken);
        var counts = new ErasedCounts();
        foreach (var (of, result) in await RemoveAsync(OfLine(line, new LineEverywhere(null, []), keepsStop), cancellationToken))
        {
            counts.AddBare(of, result.Changed);
        }
        counts.Add(await WriteAsync(
            [.. everywhere.Line is null ? [] : OfLine(line, everywhere, keepsStop), .. OfDays(line)], cancellationToken));
        return counts;
    }

    /// <summary>What stands under the line's key for long; where it has none, what is from before lines had keys.</summary>
    private List<(DataClass?, Statement)> OfLine(PhoneNumber line, LineEverywhere everywhere, bool keepsStop)
    {
        var key = everywhere.Line;
        var word = _abuse.Abuse(AbuseTarget.Number, line.E164);
        SecretHash[] words = key is null ? [word.Hash] : [.. LineRows.Of(key).Values.Select(one => one.Bind(word.Hash))];
        List<(DataClass?, Statement)> all =
        [
            (DataClass.Records, new Statement(
                $"DELETE FROM person_records WHERE number_hash IN {NumberHashes.All}", records.Numbers.AllOf(line, key))),
            .. records.Verified.AllOf(line, everywhere).Concat(records.Left.AllOf(line, everywhere)).Select(all =>
                ((DataClass?)DataClass.Verified, new Statement(
                    $"DELETE FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", all))),
            (DataClass.Abuse, new Statement(
                "DELETE FROM abuse_entries WHERE target_key IN (" + HashValues.NamesOf(LineRows.MaxKeys) + ")",
                hashes.ValuesOf(words, LineRows.MaxKeys))),
        ];
        if (!keepsStop)
        {
            all.Add((DataClass.Stops, new Statement(
                $"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All}", _stops.AllOf(line, key))));
        }
        return all;
    }

    private IEnumerable<(DataClass?, Statement)> OfDays(PhoneNumber line) =>
    [
        (DataClass.Texts, new Statement(
            $"DELETE FROM texts WHERE to_hash IN {HashValues.OfDays}",
            hashes.ValuesOfDays(TextRow.Table, TextRow.HashOf(line, hasher)))),
        .. ((CounterKey[])[_counters.OfGuesses(line), _counters.OfNames(line), _counters.OfTexts(line)]).Select(key =>
            ((DataClass?)DataClass.Limits, new Statement(
                $"DELETE FROM counters WHERE counter_key IN {HashValues.OfDays}",
                hashes.ValuesOfDays(CounterRow.Table, key.Hash.ToBytes()))
            {
                Lock = key.Hash.ToBytes(),
            })),
        // The number's tag is under the same secret as the key that it stands beside.
        .. hashes.AllOf(TrafficStore.Table, _abuse.Block(line).Hash.ToBytes()).DistinctBy(Convert.ToHexString, StringComparer.Ordinal)
            .Select(key => ((DataClass?)DataClass.Limits, new Statement(
                "DELETE FROM text_traffic WHERE traffic_key = @traffic_key AND item = @item",
                ("@traffic_key", key), ("@item", hashes.SealTag(key, _abuse.TagOf(line.E164)))))),
    ];

    private async Task<ErasedCounts> WriteAsync(
        IReadOnlyList<(DataClass? Class, Statement Sql)> statements, CancellationToken cancellationToken)
    {
        var counts = new ErasedCounts();
        foreach (var (of, result) in await RemoveAsync(statements, cancellationToken))
        {
            // One row tells whether it was under its line's key.
            switch (result.Row)
            {
                case [< 2L]:
                    counts.AddBare(of, 1);
                    break;
                case [_]:
                    counts.Add(of, 1);
                    break;
                default:
                    counts.Add(of, Math.Max(0, result.Changed));
                    break;
            }
        }
        return counts;
    }

    private async Task<IEnumerable<(DataClass Class, WriteResult Result)>> RemoveAsync(
        IReadOnlyList<(DataClass? Class, Statement Sql)> statements, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync([.. statements.Select(one => one.Sql)], cancellationToken);
        return statements.Zip(outcomes).Where(pair => pair.First.Class is not null)
            .Select(pair => (pair.First.Class!, pair.Second));
    }

    /// <summary>Rows with what they hold: null where that cannot be read.</summary>
    private async Task<List<(IdentityStore.Row Row, ProjectIdentity? Identity)>> ReadIdentitiesAsync(
        Statement statement, IReadOnlyDictionary<LineKeyId, LineKey> keys, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(statement, IdentityStore.Read, cancellationToken);
        var known = await lines.OfAsync(rows.Select(row => row.Body), keys, cancellationToken);
        return [.. rows.Select(row => (row, IfReadable(() => IdentityStore.Open(row, sealer, _identities, known))))];
    }

    /// <summary>A row that cannot be read must not keep the others from being found.</summary>
    private static T? IfReadable<T>(Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}
