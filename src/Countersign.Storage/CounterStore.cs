using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Limits;

namespace Countersign.Storage;

internal sealed class CounterStore(IDatabase database) : ICounterStore
{
    public async Task<Counter> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        await database.FindAsync(
            new Statement(
                "SELECT counter_key, version, charges FROM counters WHERE counter_key = @counter_key",
                ("@counter_key", key.Hash.ToBytes())),
            Read,
            cancellationToken) ?? Counter.Empty(key);

    public async Task<bool> TrySaveAsync(CounterChange change, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync([CounterRow.Of(change).Save()], cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM counters WHERE counter_key IN (
            SELECT counter_key FROM counters WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)
        AND expires_at < @before
        """,
        before, limit, cancellationToken);

    private static Counter Read(DbDataReader row) => new(
        new CounterKey(new SecretHash(Convert.ToHexStringLower(row.GetFieldValue<byte[]>(0)))),
        row.GetInt64(1),
        CounterRow.ChargesIn(row.GetFieldValue<byte[]>(2)));
}
