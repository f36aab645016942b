using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Security;

namespace Countersign.Server.Storage;

internal sealed class IdempotencyStore(IDatabase database, Sealer sealer) : IIdempotencyStore
{
    public async Task<Reservation> ReserveAsync(
        SecretHash key, SecretHash body, DateTimeOffset now, DateTimeOffset abandonedBefore, DateTimeOffset forgottenBefore, CancellationToken cancellationToken)
    {
        // An abandoned key is granted again for the same body only, so that an asker who was slow and not dead can answer nothing wrong.
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO idempotency (key_hash, body_hash, created_at, answer) VALUES (@key_hash, @body_hash, @now, NULL)
                    ON CONFLICT (key_hash) DO UPDATE
                    SET body_hash = excluded.body_hash, created_at = excluded.created_at, answer = NULL
                    WHERE idempotency.created_at < @forgotten_before
                       OR (idempotency.answer IS NULL
                           AND idempotency.created_at < @abandoned_before
                           AND idempotency.body_hash = excluded.body_hash)
                    """,
                    ("@key_hash", key.ToBytes()),
                    ("@body_hash", body.ToBytes()),
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@forgotten_before", forgottenBefore.ToUnixTimeMilliseconds()),
                    ("@abandoned_before", abandonedBefore.ToUnixTimeMilliseconds())),
                new Statement("SELECT body_hash, answer FROM idempotency WHERE key_hash = @key_hash", ("@key_hash", key.ToBytes()))
                {
                    ReturnsRow = true,
                },
            ],
            cancellationToken);

        if (outcomes[0].Changed == 1)
        {
            return new Reservation.Granted();
        }

        var row = outcomes[1].Row!;
        return (row[0], row[1]) switch
        {
            (byte[] stored, _) when !stored.AsSpan().SequenceEqual(body.ToBytes()) => new Reservation.OtherBody(),
            (_, byte[] answer) => new Reservation.Answered(sealer.Open(answer, PlaceOf(key))),
            _ => new Reservation.Running(),
        };
    }

    public Task CompleteAsync(SecretHash key, byte[] answer, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                // The first answer stands: it may have been given to the caller already.
                new Statement(
                    "UPDATE idempotency SET answer = @answer WHERE key_hash = @key_hash AND answer IS NULL",
                    ("@answer", sealer.Seal(answer, PlaceOf(key))),
                    ("@key_hash", key.ToBytes())),
            ],
            cancellationToken);

    public Task ReleaseAsync(SecretHash key, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement("DELETE FROM idempotency WHERE key_hash = @key_hash AND answer IS NULL", ("@key_hash", key.ToBytes())),
            ],
            cancellationToken);

    public async Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM idempotency WHERE key_hash IN (
                        SELECT key_hash FROM idempotency WHERE created_at < @created_before ORDER BY created_at LIMIT @limit)
                    """,
                    ("@created_before", createdBefore.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    private static string PlaceOf(SecretHash key) => $"idempotency.answer:{key.Hex}";
}
