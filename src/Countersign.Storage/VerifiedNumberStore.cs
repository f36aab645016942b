using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;

namespace Countersign.Storage;

internal sealed class VerifiedNumberStore(IDatabase database, SecretHasher hasher, HashSealer hashes, INumberPlan plan)
    : IVerifiedNumberStore
{
    private readonly NumberHashes _numbers = HashesOf(hasher, hashes, plan);

    public Task<DateTimeOffset?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        FindLatestAsync(database, projectId, number, _numbers, cancellationToken);

    public Task RecordAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO verified_numbers (project_id, number_hash, verified_at) VALUES (@project_id, @number_hash, @verified_at)
                    ON CONFLICT (project_id, number_hash) DO UPDATE SET verified_at = excluded.verified_at, left_at = NULL
                    """,
                    ("@project_id", projectId),
                    ("@number_hash", _numbers.Of(number)),
                    ("@verified_at", now.ToUnixTimeMilliseconds())),
            ],
            cancellationToken);

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM verified_numbers WHERE (project_id, number_hash) IN (
            SELECT project_id, number_hash FROM verified_numbers
            WHERE verified_at < @before AND (left_at IS NULL OR left_at < @before) ORDER BY verified_at LIMIT @limit)
        """,
        before, limit, cancellationToken);

    /// <summary>
    /// The table keeps moments of more than one kind: what they are kept under (<paramref name="hashes"/>) tells them apart.
    /// </summary>
    public static async Task<DateTimeOffset?> FindLatestAsync(
        IDatabase database, ProjectId projectId, PhoneNumber number, NumberHashes hashes, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement(
                $"""
                SELECT verified_at FROM verified_numbers WHERE project_id = @project_id AND number_hash IN {NumberHashes.All}
                ORDER BY verified_at DESC LIMIT 1
                """,
                [("@project_id", projectId), .. hashes.AllOf(number)]),
            row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public static NumberHashes HashesOf(SecretHasher hasher, HashSealer hashes, INumberPlan plan) =>
        new(hasher, hashes, plan, "verified_numbers.number");
}
