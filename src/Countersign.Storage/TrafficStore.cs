using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Pumping;

namespace Countersign.Storage;

/// <summary>
/// What was counted of texts, in cells of minutes that all nodes add to. Keys are keyed hashes. They are not sealed anew when the
/// encryption key is replaced: the oldest are eight days old.
/// </summary>
internal sealed class TrafficStore(IDatabase database, HashSealer hashes) : ITrafficStore
{
    private static readonly TimeSpan _byTheMinute = TimeSpan.FromHours(2);

    // A day holds days * 86,400,000 ms, so hours begin at multiples of 3,600,000.
    private static readonly string _sql =
        $"""
        SELECT traffic_key, CASE WHEN counted_at < @recent THEN counted_at - counted_at % 3600000 ELSE counted_at END AS cell, item,
            CAST(SUM(asked) AS BIGINT), CAST(SUM(proven) AS BIGINT)
        FROM text_traffic
        WHERE traffic_key IN ({HashValues.NamesOf(ITrafficStore.MaxKeys)}) AND expires_at > @now
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
                    .. hashes.ValuesOf([.. keys.Select(key => key.Hash)], ITrafficStore.MaxKeys),
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

    private Statement Add(TrafficRow row) => new(
        """
        INSERT INTO text_traffic (traffic_key, counted_at, item, asked, proven, expires_at)
        VALUES (@traffic_key, @counted_at, @item, @asked, @proven, @expires_at)
        ON CONFLICT (traffic_key, counted_at, item) DO UPDATE
        SET asked = text_traffic.asked + excluded.asked, proven = text_traffic.proven + excluded.proven
        """,
        ("@traffic_key", KeyOf(row.Key)),
        ("@counted_at", row.Cell.At.ToUnixTimeMilliseconds()),
        ("@item", row.Cell.Item),
        ("@asked", row.Cell.Asked),
        ("@proven", row.Cell.Proven),
        ("@expires_at", (row.Cell.At + row.Key.KeptFor).ToUnixTimeMilliseconds()))
    {
        Lock = KeyOf(row.Key),
    };

    private TrafficRow Read(DbDataReader row, Dictionary<SecretHash, TrafficKey> owners) => new(
        owners[new SecretHash(Convert.ToHexStringLower(hashes.Open(row.GetFieldValue<byte[]>(0))))],
        new TrafficCell(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)));

    private byte[] KeyOf(TrafficKey key) => hashes.Seal(key.Hash.ToBytes());
}
