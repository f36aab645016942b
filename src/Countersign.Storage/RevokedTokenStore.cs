using Countersign.Core.Projects;

namespace Countersign.Storage;

/// <summary>Ids of tokens open nothing, so they are in clear.</summary>
internal sealed class RevokedTokenStore(IDatabase database) : IRevokedTokenStore
{
    public Task AddAsync(RevokedToken token, CancellationToken cancellationToken) => database.WriteAsync(
        [
            new Statement(
                """
                INSERT INTO revoked_tokens (token_id, revoked_at, expires_at) VALUES (@token_id, @revoked_at, @expires_at)
                ON CONFLICT DO NOTHING
                """,
                ("@token_id", token.Id),
                ("@revoked_at", token.RevokedAt.ToUnixTimeMilliseconds()),
                ("@expires_at", token.ExpiresAt.ToUnixTimeMilliseconds())),
        ],
        cancellationToken);

    public async Task<IReadOnlyList<RevokedToken>> ListAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                "SELECT token_id, revoked_at, expires_at FROM revoked_tokens WHERE revoked_at >= @since",
                ("@since", since.ToUnixTimeMilliseconds())),
            row => new RevokedToken(
                row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))),
            cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM revoked_tokens WHERE token_id IN (
            SELECT token_id FROM revoked_tokens WHERE expires_at <= @before ORDER BY expires_at LIMIT @limit)
        """,
        now, limit, cancellationToken);
}
