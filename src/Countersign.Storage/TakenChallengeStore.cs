using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Pumping;

namespace Countersign.Storage;

/// <summary>Kept as keyed hashes: an id is the relying party's own text.</summary>
internal sealed class TakenChallengeStore(IDatabase database, SecretHasher hasher, HashSealer hashes) : ITakenChallenges
{
    public async Task<bool> TryTakeAsync(
        ProjectId project, string id, SecretHash? call, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = hashes.ValuesOf("@challenge_hash", hasher.Hash($"taken_challenges.{project}", new Secret(id)).ToBytes());
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO taken_challenges (challenge_hash, call_hash, expires_at)
                    SELECT @challenge_hash, @call_hash, @expires_at
                    WHERE NOT EXISTS (
                        SELECT 1 FROM taken_challenges
                        WHERE challenge_hash IN (@challenge_hash_1, @challenge_hash_2) AND challenge_hash <> @challenge_hash
                            AND expires_at > @now)
                    ON CONFLICT (challenge_hash) DO UPDATE SET call_hash = excluded.call_hash, expires_at = excluded.expires_at
                    WHERE taken_challenges.call_hash = excluded.call_hash OR taken_challenges.expires_at <= @now
                    """,
                    hash[0],
                    ("@call_hash", hashes.Seal(call?.ToBytes() ?? RandomNumberGenerator.GetBytes(32))),
                    ("@expires_at", (now + ITakenChallenges.Memory).ToUnixTimeMilliseconds()),
                    hash[1],
                    hash[2],
                    ("@now", now.ToUnixTimeMilliseconds()))
                {
                    Lock = hash[0].Value.Bytes,
                },
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM taken_challenges WHERE challenge_hash IN (
            SELECT challenge_hash FROM taken_challenges WHERE expires_at <= @before ORDER BY expires_at LIMIT @limit)
        """,
        now, limit, cancellationToken);
}
