using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;

namespace Countersign.Storage;

/// <summary>Kept as keyed hashes: an id is the client's own text.</summary>
internal sealed class TakenAssertionStore(IDatabase database, SecretHasher hasher) : ITakenAssertions
{
    public async Task<bool> TryTakeAsync(ClientId clientId, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO taken_assertions (assertion_hash, expires_at) VALUES (@assertion_hash, @expires_at)
                    ON CONFLICT DO NOTHING
                    """,
                    ("@assertion_hash", hasher.Hash($"taken_assertions.{clientId}", new Secret(id)).ToBytes()),
                    ("@expires_at", expiresAt.ToUnixTimeMilliseconds())),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM taken_assertions WHERE assertion_hash IN (
            SELECT assertion_hash FROM taken_assertions WHERE expires_at <= @before ORDER BY expires_at LIMIT @limit)
        """,
        now, limit, cancellationToken);
}
