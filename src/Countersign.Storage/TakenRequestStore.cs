using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>
/// Kept as keyed hashes: what was signed holds a number and a text. Those of requests with a time stand in a table of short life, since
/// nothing in them is of chance.
/// </summary>
internal sealed class TakenRequestStore(IDatabase database, SecretHasher hasher, HashSealer hashes) : ITakenRequests
{
    private const string Brief = "taken_signatures";

    public async Task<bool> WasTakenAsync(GatewayName gateway, SignedContent content, CancellationToken cancellationToken)
    {
        var hash = HashOf(gateway, content);
        var rows = await database.ReadAsync(
            content.HasTime
                // An earlier version put them among the others.
                ? new Statement(
                    $"""
                    SELECT 1 FROM taken_signatures WHERE request_hash IN {HashValues.OfDays}
                    UNION ALL SELECT 1 FROM taken_requests WHERE request_hash IN {HashValues.OfDays}
                    """,
                    hashes.ValuesOfDays(Brief, hash))
                : new Statement(
                    "SELECT 1 FROM taken_requests WHERE request_hash IN (@request_hash, @request_hash_1, @request_hash_2)",
                    hashes.ValuesOf("@request_hash", hash)),
            _ => true,
            cancellationToken);
        return rows.Count > 0;
    }

    public Task RecordAsync(GatewayName gateway, SignedContent content, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                content.HasTime
                    ? new Statement(
                        """
                        INSERT INTO taken_signatures (request_hash, expires_at) VALUES (@request_hash, @expires_at)
                        ON CONFLICT DO NOTHING
                        """,
                        ("@request_hash", hashes.Seal(Brief, HashOf(gateway, content))),
                        ("@expires_at", (now + ITakenRequests.BriefMemory).ToUnixTimeMilliseconds()))
                    : new Statement(
                        "INSERT INTO taken_requests (request_hash, taken_at) VALUES (@request_hash, @taken_at) ON CONFLICT DO NOTHING",
                        ("@request_hash", hashes.Seal(HashOf(gateway, content))),
                        ("@taken_at", now.ToUnixTimeMilliseconds())),
            ],
            cancellationToken);

    public async Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var removed = await database.RemoveAsync(
            """
            DELETE FROM taken_signatures WHERE request_hash IN (
                SELECT request_hash FROM taken_signatures WHERE expires_at <= @before ORDER BY expires_at LIMIT @limit)
            """,
            now, limit, cancellationToken);
        return removed + await database.RemoveAsync(
            """
            DELETE FROM taken_requests WHERE request_hash IN (
                SELECT request_hash FROM taken_requests WHERE taken_at < @before ORDER BY taken_at LIMIT @limit)
            """,
            now - ITakenRequests.Memory, limit - removed, cancellationToken);
    }

    private byte[] HashOf(GatewayName gateway, SignedContent content) =>
        hasher.Hash("taken_requests.request", new Secret($"{gateway}\n{content.Content.Reveal()}")).ToBytes();
}
