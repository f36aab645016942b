using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Pumping;

namespace Countersign.Storage;

/// <summary>
/// What was counted of texts, in cells of minutes that all nodes add to. Keys are keyed hashes. They are not sealed anew when the
/// encryption key is replaced: the oldest are eight days old. Those by which one line or one address could be found live for an hour, and
/// are of short life, as are the tags beside them; the others are sums over ten thousand numbers or more.
/// </summary>
internal sealed class TrafficStore(IDatabase database, HashSealer hashes) : ITrafficStore
{
    internal const string Table = "text_traffic";

    private static readonly TimeSpan _byTheMinute = TimeSpan.FromHours(2);

    private static readonly string[] _names =
        [.. Enumerable.Range(1, ITrafficStore.MaxKeys * HashSealer.MaxValues).Select(i => $"@key_{i}")];

    // A day holds days * 86,400,000 ms, so hours begin at multiples of 3,600,000.
    private static readonly string _sql =
        $"""
        SELECT traffic_key, CASE WHEN counted_at < @recent THEN counted_at - counted_at % 3600000 ELSE counted_at END AS cell, item,
            CAST(SUM(asked) AS BIGINT), CAST(SUM(proven) AS BIGINT)
        FROM text_traffic
        WHERE traffic_key IN ({string.Join(", ", _names)}) AND expires_at > @now
        GROUP BY 1, 2, 3
        """;

    public async Task<IReadOnlyList<TrafficRow>> ReadAsync(
        IReadOnlyList<TrafficKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return [];
        }
        var owners = keys.ToDictionary(key => key.Hash);
        return await database.ReadAsync(
            new Statement(
                _sql,
                [
                    ("@recent", (now - _byTheMinute).ToUnixTimeMilliseconds()),
                    .. ValuesOf(keys),
                    ("@now", now.ToUnixTimeMilliseconds()),
                ]),
            row => Read(row, owners),
            cancellationToken);
    }

    public Task AddAsync(IReadOnlyList<TrafficRow> counted, CancellationToken cancellationToken) =>
        database.WriteAsync([.. counted.OrderBy(row => row.Key.Hash.Hex, StringComparer.Ordinal).Select(Add)], cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM text_traffic WHERE (traffic_key, counted_at, item) IN (
            SELECT traffic_key, counted_at, item FROM text_traffic WHERE expires_at <= @before ORDER BY expires_at LIMIT @limit)
        """,
        now, limit, cancellationToken);

    private Statement Add(TrafficRow row)
    {
        var key = KeyOf(row.Key);
        return new Statement(
            """
            INSERT INTO text_traffic (traffic_key, counted_at, item, asked, proven, expires_at)
            VALUES (@traffic_key, @counted_at, @item, @asked, @proven, @expires_at)
            ON CONFLICT (traffic_key, counted_at, item) DO UPDATE
            SET asked = text_traffic.asked + excluded.asked, proven = text_traffic.proven + excluded.proven
            """,
            ("@traffic_key", key),
            ("@counted_at", row.Cell.At.ToUnixTimeMilliseconds()),
            ("@item", hashes.SealTag(key, row.Cell.Item)),
            ("@asked", row.Cell.Asked),
            ("@proven", row.Cell.Proven),
            ("@expires_at", (row.Cell.At + row.Key.KeptFor).ToUnixTimeMilliseconds()))
        {
            Lock = key,
        };
    }

    private TrafficRow Read(DbDataReader row, Dictionary<SecretHash, TrafficKey> owners)
    {
        var key = row.GetFieldValue<byte[]>(0);
        return new TrafficRow(
            owners[new SecretHash(Convert.ToHexStringLower(hashes.Open(key)))],
            new TrafficCell(
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), hashes.OpenTag(key, row.GetInt64(2)), row.GetInt64(3),
                row.GetInt64(4)));
    }

    /// <summary>Where there are fewer the first is repeated, so that one statement serves all.</summary>
    private (string Name, SqlValue Value)[] ValuesOf(IReadOnlyList<TrafficKey> keys)
    {
        byte[][] all =
        [
            .. keys.SelectMany(key => IsBrief(key) ? hashes.AllOf(Table, key.Hash.ToBytes()) : hashes.AllOf(key.Hash.ToBytes())),
        ];
        return [.. _names.Select((name, i) => (name, (SqlValue)(i < all.Length ? all[i] : all[0])))];
    }

    private byte[] KeyOf(TrafficKey key) =>
        IsBrief(key) ? hashes.Seal(Table, key.Hash.ToBytes()) : hashes.Seal(key.Hash.ToBytes());

    private static bool IsBrief(TrafficKey key) => key.Kind is TrafficKind.Block or TrafficKind.Address;
}
