using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>Kept as keyed hashes: what was signed holds a number and a text.</summary>
internal sealed class TakenRequestStore(IDatabase database, SecretHasher hasher, HashSealer hashes) : ITakenRequests
{
    public async Task<bool> WasTakenAsync(Secret signedContent, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                "SELECT 1 FROM taken_requests WHERE request_hash IN (@request_hash, @request_hash_1, @request_hash_2)",
                hashes.ValuesOf("@request_hash", HashOf(signedContent))),
            _ => true,
            cancellationToken);
        return rows.Count > 0;
    }

    public Task RecordAsync(Secret signedContent, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        [
            new Statement(
                "INSERT INTO taken_requests (request_hash, taken_at) VALUES (@request_hash, @taken_at) ON CONFLICT DO NOTHING",
                ("@request_hash", hashes.Seal(HashOf(signedContent))),
                ("@taken_at", now.ToUnixTimeMilliseconds())),
        ],
        cancellationToken);

    public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM taken_requests WHERE request_hash IN (
            SELECT request_hash FROM taken_requests WHERE taken_at < @before ORDER BY taken_at LIMIT @limit)
        """,
        before, limit, cancellationToken);

    private byte[] HashOf(Secret signedContent) => hasher.Hash("taken_requests.request", signedContent).ToBytes();
}
