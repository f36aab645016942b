using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage;

internal sealed class IdempotencyStore(IDatabase database, Sealer sealer, HashSealer hashes) : IIdempotencyStore
{
    public Task<Remembered?> FindAsync(KeyedCall call, CancellationToken cancellationToken) =>
        database.FindAsync(SealedAnswer.Find(call, hashes), row => SealedAnswer.Read(call, row, sealer, hashes), cancellationToken);

    public async Task<Remembered?> KeepAsync(KeyedAnswer answer, CancellationToken cancellationToken)
    {
        var keyed = SealedAnswer.Of(answer, sealer, hashes);
        var outcomes = await database.WriteAsync(
            [.. OneAtATime.Of(hashes), keyed.Keep(), keyed.Find()], cancellationToken);
        return outcomes[^2].Changed == 1 ? null : keyed.Read(outcomes[^1], sealer);
    }

    public Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM idempotency WHERE key_hash IN (
            SELECT key_hash FROM idempotency WHERE created_at < @before ORDER BY created_at LIMIT @limit)
        """,
        createdBefore, limit, cancellationToken);
}
