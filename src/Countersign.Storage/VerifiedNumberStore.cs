using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;

namespace Countersign.Storage;

internal sealed class VerifiedNumberStore(
    IDatabase database, SecretHasher hasher, HashSealer hashes, INumberPlan plan, ILineKeys lines) : IVerifiedNumberStore
{
    private readonly NumberHashes _numbers = HashesOf(hasher, hashes, plan);

    public async Task<DateTimeOffset?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        await FindLatestAsync(
            database, projectId, _numbers.AllOf(number, await lines.FindAsync(number, projectId, cancellationToken)), cancellationToken);

    /// <remarks>
    /// Of a line or a project that is erased meanwhile only a moment is left, under what nobody finds or reads, and goes with its time: so
    /// it need not be taken back.
    /// </remarks>
    public async Task RecordAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var line = await lines.ObtainAsync(number, projectId, cancellationToken);
        var hash = _numbers.Of(number, line);
        await database.WriteAsync(
            [
                // One from before lines or projects had keys, or of another form, goes: this one is newer.
                new Statement(
                    $"""
                    DELETE FROM verified_numbers
                    WHERE project_id = @project_id AND number_hash IN {NumberHashes.All} AND number_hash <> @hash
                    """,
                    [("@project_id", projectId), .. _numbers.AllOf(number, line), ("@hash", hash)]),
                new Statement(
                    """
                    INSERT INTO verified_numbers (project_id, number_hash, verified_at, number_form)
                    VALUES (@project_id, @number_hash, @verified_at, 3)
                    ON CONFLICT (project_id, number_hash) DO UPDATE SET verified_at = excluded.verified_at, left_at = NULL
                    """,
                    ("@project_id", projectId),
                    ("@number_hash", hash),
                    ("@verified_at", now.ToUnixTimeMilliseconds())),
            ],
            cancellationToken);
    }

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM verified_numbers WHERE (project_id, number_hash) IN (
            SELECT project_id, number_hash FROM verified_numbers
            WHERE verified_at < @before AND (left_at IS NULL OR left_at < @before) ORDER BY verified_at LIMIT @limit)
        """,
        before, limit, cancellationToken);

    /// <summary>
    /// The table keeps moments of more than one kind: what they are kept under tells them apart.
    /// </summary>
    /// <param name="hashes">The values of <see cref="NumberHashes.All"/>.</param>
    public static async Task<DateTimeOffset?> FindLatestAsync(
        IDatabase database, ProjectId projectId, (string Name, SqlValue Value)[] hashes, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement(
                $"""
                SELECT verified_at FROM verified_numbers WHERE project_id = @project_id AND number_hash IN {NumberHashes.All}
                ORDER BY verified_at DESC LIMIT 1
                """,
                [("@project_id", projectId), .. hashes]),
            row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            cancellationToken);
        return found.Count > 0 ? found[0] : null;
    }

    public static NumberHashes HashesOf(SecretHasher hasher, HashSealer hashes, INumberPlan plan) =>
        new(hasher, hashes, plan, "verified_numbers.number");
}
