using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Limits;

namespace Countersign.Storage;

internal sealed class CounterStore(IDatabase database) : ICounterStore
{
    public async Task<IReadOnlyList<Counter>> ReadAsync(IReadOnlyList<CounterKey> keys, CancellationToken cancellationToken)
    {
        var counters = new Counter[keys.Count];
        for (var i = 0; i < keys.Count; i++)
        {
            counters[i] = await database.FindAsync(
                new Statement(
                    "SELECT counter_key, version, charges FROM counters WHERE counter_key = @counter_key",
                    ("@counter_key", keys[i].Hash.ToBytes())),
                Read,
                cancellationToken) ?? Counter.Empty(keys[i]);
        }
        return counters;
    }

    public async Task<bool> TrySaveAsync(CounterChange change, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync([CounterRow.Of(change).Save()], cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task RemoveAsync(IReadOnlyList<CounterKey> keys, CancellationToken cancellationToken) => database.WriteAsync(
        [
            .. keys.Select(key => new Statement(
                "DELETE FROM counters WHERE counter_key = @counter_key", ("@counter_key", key.Hash.ToBytes()))),
        ],
        cancellationToken);

    public async Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM counters WHERE counter_key IN (
                        SELECT counter_key FROM counters WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)
                    AND expires_at < @before
                    """,
                    ("@before", before.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    private static Counter Read(DbDataReader row) => new(
        new CounterKey(new SecretHash(Convert.ToHexStringLower(row.GetFieldValue<byte[]>(0)))),
        row.GetInt64(1),
        CounterRow.ChargesIn(row.GetFieldValue<byte[]>(2)));
}
