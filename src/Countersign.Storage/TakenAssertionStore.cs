using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;

namespace Countersign.Storage;

/// <summary>Kept as keyed hashes: an id is the client's own text.</summary>
internal sealed class TakenAssertionStore(IDatabase database, SecretHasher hasher, HashSealer hashes) : ITakenAssertions
{
    public async Task<bool> TryTakeAsync(ClientId clientId, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var hash = hashes.ValuesOf("@assertion_hash", hasher.Hash($"taken_assertions.{clientId}", new Secret(id)).ToBytes());
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO taken_assertions (assertion_hash, expires_at)
                    SELECT @assertion_hash, @expires_at
                    WHERE NOT EXISTS (SELECT 1 FROM taken_assertions WHERE assertion_hash IN (@assertion_hash_1, @assertion_hash_2))
                    ON CONFLICT DO NOTHING
                    """,
                    hash[0], ("@expires_at", expiresAt.ToUnixTimeMilliseconds()), hash[1], hash[2]),
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
