using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Pumping;

namespace Countersign.Storage;

/// <summary>Kept as keyed hashes: an id is the relying party's own text.</summary>
internal sealed class TakenChallengeStore(IDatabase database, SecretHasher hasher, HashSealer hashes) : ITakenChallenges
{
    private const string Table = "taken_challenges";

    public async Task<bool> TryTakeAsync(
        ProjectId project, string id, SecretHash? call, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = hashes.ValuesOfDays(Table, hasher.Hash($"taken_challenges.{project}", new Secret(id)).ToBytes());
        // Who named it may name it again, also the day after.
        var named = hashes.ValuesOfDaysToo(Table, call?.ToBytes() ?? RandomNumberGenerator.GetBytes(32));
        var outcomes = await database.WriteAsync(
            [
                .. OneAtATime.Of(hashes),
                new Statement(
                    $"""
                    INSERT INTO taken_challenges (challenge_hash, call_hash, expires_at)
                    SELECT @hash, @other, @expires_at
                    WHERE NOT EXISTS (
                        SELECT 1 FROM taken_challenges
                        WHERE challenge_hash IN {HashValues.OfDays} AND challenge_hash <> @hash AND expires_at > @now
                            AND call_hash NOT IN {HashValues.OfDaysToo})
                    ON CONFLICT (challenge_hash) DO UPDATE SET call_hash = excluded.call_hash, expires_at = excluded.expires_at
                    WHERE taken_challenges.call_hash = excluded.call_hash OR taken_challenges.expires_at <= @now
                    """,
                    [
                        hash[0], named[0], ("@expires_at", (now + ITakenChallenges.Memory).ToUnixTimeMilliseconds()), .. hash[1..],
                        ("@now", now.ToUnixTimeMilliseconds()), .. named[1..],
                    ])
                {
                    Lock = hash[0].Value.Bytes,
                },
            ],
            cancellationToken);
        return outcomes[^1].Changed == 1;
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM taken_challenges WHERE challenge_hash IN (
            SELECT challenge_hash FROM taken_challenges WHERE expires_at <= @before ORDER BY expires_at LIMIT @limit)
        """,
        now, limit, cancellationToken);
}
