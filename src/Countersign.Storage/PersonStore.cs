using System.Data.Common;
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
    IDatabase database, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan, PersonRecordKeys records) : IPersonStore
{
    private const int AtOnce = 500;

    private readonly NumberHashes _identities = IdentityStore.HashesOf(hasher, hashes, plan);
    private readonly NumberHashes _stops = SuppressionStore.HashesOf(hasher, hashes, plan);
    private readonly CounterKeys _counters = new(hasher);
    private readonly PumpingKeys _abuse = new(hasher, plan);

    public async Task<IReadOnlyList<ProjectIdentity>> ListIdentitiesAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        const string Columns = "id, project_id, standing, created_at, body, left_at";
        var behind = await database.ReadAsync(
            new Statement($"SELECT {Columns} FROM identities WHERE number_hash IN {NumberHashes.All} ORDER BY id", _identities.AllOf(line)),
            ReadIdentity,
            cancellationToken);
        var found = behind.OfType<ProjectIdentity>().ToList();
        // Who has left a number stands under it no more, and still has it in what is sealed.
        for (var (at, id) = (long.MinValue, Array.Empty<byte>()); ;)
        {
            var page = await database.ReadAsync(
                new Statement(
                    $"""
                    SELECT {Columns} FROM identities WHERE left_at IS NOT NULL AND (left_at, id) > (@at, @id)
                    ORDER BY left_at, id LIMIT @limit
                    """,
                    ("@at", at), ("@id", id), ("@limit", AtOnce))
                {
                    TakesLong = true,
                },
                row => (At: row.GetInt64(5), Id: row.GetFieldValue<byte[]>(0), Identity: ReadIdentity(row)),
                cancellationToken);
            found.AddRange(page.Select(row => row.Identity).OfType<ProjectIdentity>().Where(one => one.Number == plan.FormOf(line)));
            if (page.Count < AtOnce)
            {
                return found;
            }
            (at, id, _) = page[^1];
        }
    }

    public async Task<IReadOnlyList<KeptRecord>> ListRecordsAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement(
                $"""
                SELECT number_hash, record_hash, source, import_id, body FROM person_records WHERE number_hash IN {NumberHashes.All}
                ORDER BY seq
                """,
                records.Numbers.AllOf(line)),
            row => IfReadable(() => PersonRecordStore.Read(row, records, sealer)),
            cancellationToken);
        return [.. found.OfType<KeptRecord>()];
    }

    public async Task<IReadOnlyList<KeptMoment>> ListMomentsAsync(PhoneNumber line, CancellationToken cancellationToken) =>
    [
        .. await ListMomentsAsync(line, records.Verified, hasLeft: false, cancellationToken),
        .. await ListMomentsAsync(line, records.Left, hasLeft: true, cancellationToken),
    ];

    private async Task<IReadOnlyList<KeptMoment>> ListMomentsAsync(
        PhoneNumber line, NumberHashes kind, bool hasLeft, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                $"SELECT project_id, verified_at FROM verified_numbers WHERE number_hash IN {NumberHashes.All} ORDER BY project_id",
                kind.AllOf(line)),
            row => new KeptMoment(
                ProjectId.Parse(row.GetString(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), hasLeft),
            cancellationToken);

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
                    (DataClass.Identities, new Statement("DELETE FROM identities WHERE id = @id", value)),
                ],
                cancellationToken));
        }
        return counts;
    }

    public Task<ErasedCounts> EraseLineAsync(PhoneNumber line, bool keepsStop, CancellationToken cancellationToken)
    {
        List<(DataClass?, Statement)> all =
        [
            (DataClass.Texts, new Statement(
                $"DELETE FROM texts WHERE to_hash IN {HashValues.OfDays}",
                hashes.ValuesOfDays(TextRow.Table, TextRow.HashOf(line, hasher)))),
            (DataClass.Records, new Statement(
                $"DELETE FROM person_records WHERE number_hash IN {NumberHashes.All}", records.Numbers.AllOf(line))),
            (DataClass.Verified, new Statement(
                $"DELETE FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", records.Verified.AllOf(line))),
            (DataClass.Verified, new Statement(
                $"DELETE FROM verified_numbers WHERE number_hash IN {NumberHashes.All}", records.Left.AllOf(line))),
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
            (DataClass.Abuse, new Statement(
                "DELETE FROM abuse_entries WHERE target_key IN (@key, @key_1, @key_2)",
                hashes.ValuesOf("@key", _abuse.Abuse(AbuseTarget.Number, line.E164).Hash.ToBytes()))),
        ];
        if (!keepsStop)
        {
            all.Add((DataClass.Stops, new Statement(
                $"DELETE FROM suppressions WHERE number_hash IN {NumberHashes.All}", _stops.AllOf(line))));
        }
        return WriteAsync(all, cancellationToken);
    }

    private async Task<ErasedCounts> WriteAsync(
        IReadOnlyList<(DataClass? Class, Statement Sql)> statements, CancellationToken cancellationToken)
    {
        var counts = new ErasedCounts();
        var outcomes = await database.WriteAsync([.. statements.Select(one => one.Sql)], cancellationToken);
        foreach (var ((of, _), outcome) in statements.Zip(outcomes))
        {
            if (of is not null)
            {
                counts.Add(of, outcome.Changed);
            }
        }
        return counts;
    }

    private ProjectIdentity? ReadIdentity(DbDataReader row) =>
        IfReadable(() => IdentityStore.Read(row, sealer, _identities));

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
