using Countersign.Core.Keys;
using Countersign.Core.Limits;

namespace Countersign.Storage;

internal sealed class CounterStore(IDatabase database, Sealer sealer, HashSealer hashes) : ICounterStore
{
    public async Task<Counter> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        await database.FindAsync(
            new Statement(
                $"""
                SELECT version, charges FROM counters WHERE counter_key IN {HashValues.OfDays}
                ORDER BY version DESC LIMIT 1
                """,
                hashes.ValuesOfDays(CounterRow.Table, key.Hash.ToBytes())),
            row => new Counter(key, row.GetInt64(0), CounterRow.ChargesIn(row.GetFieldValue<byte[]>(1), key, sealer)),
            cancellationToken) ?? Counter.Empty(key);

    public async Task<bool> TrySaveAsync(CounterChange change, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(CounterRow.Of(change, sealer, hashes).Save(), cancellationToken);
        return outcomes[^1].Changed == 1;
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM counters WHERE counter_key IN (
            SELECT counter_key FROM counters WHERE expires_at < @before ORDER BY expires_at LIMIT @limit)
        AND expires_at < @before
        """,
        before, limit, cancellationToken);
}
