using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// An answer on its way into the table <c>idempotency</c>, and the statements that put it there: alone, or together with a flow.
/// </summary>
internal sealed class SealedAnswer
{
    private const string Table = "idempotency";

    private readonly KeyedCall _call;
    private readonly byte[] _answer;
    private readonly HashSealer _hashes;
    private readonly (string Name, SqlValue Value)[] _key;

    private SealedAnswer(KeyedCall call, byte[] answer, HashSealer hashes)
    {
        (_call, _answer, _hashes) = (call, answer, hashes);
        _key = hashes.ValuesOfDays(Table, call.Key.ToBytes());
    }

    public static SealedAnswer Of(KeyedAnswer answer, Sealer sealer, HashSealer hashes) =>
        new(answer.Call, sealer.Seal(answer.Body, PlaceOf(answer.Call.Key)), hashes);

    /// <summary>
    /// What tells this answer's row from the one that another call with the same key has left. What is sealed is unlike anything that was
    /// sealed before, since its nonce is. Named <c>@hash</c> and <c>@answer</c>.
    /// </summary>
    public (string Name, SqlValue Value)[] Identity => [_key[0], ("@answer", _answer)];

    /// <summary>
    /// Changes one row if the key is free: never used, forgotten, or reserved by a former version and not answered for a minute. It may be
    /// taken under another of our keys, or since the day before.
    /// </summary>
    public Statement Keep() => new(
        $"""
        INSERT INTO idempotency (key_hash, body_hash, created_at, answer)
        SELECT @hash, @body_hash, @now, @answer
        WHERE NOT EXISTS (
            SELECT 1 FROM idempotency
            WHERE key_hash IN {HashValues.OfDays} AND key_hash <> @hash AND created_at >= @forgotten_before
              AND (answer IS NOT NULL OR created_at >= @abandoned_before))
        ON CONFLICT (key_hash) DO UPDATE
        SET body_hash = excluded.body_hash, created_at = excluded.created_at, answer = excluded.answer
        WHERE idempotency.created_at < @forgotten_before
           OR (idempotency.answer IS NULL AND idempotency.created_at < @abandoned_before)
        """,
        [
            _key[0],
            ("@body_hash", _hashes.Seal(Table, _call.Body.ToBytes())),
            ("@now", _call.At.ToUnixTimeMilliseconds()),
            ("@answer", _answer),
            .. _key[1..],
            ("@forgotten_before", _call.ForgottenBefore.ToUnixTimeMilliseconds()),
            ("@abandoned_before", _call.AbandonedBefore().ToUnixTimeMilliseconds()),
        ]);

    /// <summary>Finds what stands under the key.</summary>
    public Statement Find() => Find(_call, _hashes);

    public Remembered? Read(WriteResult outcome, Sealer sealer) =>
        outcome.Row is [byte[] body, var answer] ? Read(_call, _hashes.Open(body), answer as byte[], sealer) : null;

    public static Statement Find(KeyedCall call, HashSealer hashes) => new(
        $"""
        SELECT body_hash, answer FROM idempotency
        WHERE key_hash IN {HashValues.OfDays} AND created_at >= @forgotten_before
          AND (answer IS NOT NULL OR created_at >= @abandoned_before)
        """,
        [
            .. hashes.ValuesOfDays(Table, call.Key.ToBytes()),
            ("@forgotten_before", call.ForgottenBefore.ToUnixTimeMilliseconds()),
            ("@abandoned_before", call.AbandonedBefore().ToUnixTimeMilliseconds()),
        ])
    {
        ReturnsRow = true,
    };

    public static Remembered Read(KeyedCall call, DbDataReader row, Sealer sealer, HashSealer hashes) =>
        Read(call, hashes.Open(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1), sealer);

    private static Remembered Read(KeyedCall call, byte[] body, byte[]? answer, Sealer sealer) => answer is null
        ? new Remembered.Running()
        : body.AsSpan().SequenceEqual(call.Body.ToBytes())
            ? new Remembered.Answered(sealer.Open(answer, PlaceOf(call.Key)))
            : new Remembered.OtherBody();

    public static string PlaceOf(SecretHash key) => $"idempotency.answer:{key.Hex}";
}
