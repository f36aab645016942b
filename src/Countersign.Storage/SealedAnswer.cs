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
    private readonly KeyedCall _call;
    private readonly byte[] _answer;

    private SealedAnswer(KeyedCall call, byte[] answer) => (_call, _answer) = (call, answer);

    public static SealedAnswer Of(KeyedAnswer answer, Sealer sealer) =>
        new(answer.Call, sealer.Seal(answer.Body, PlaceOf(answer.Call.Key)));

    /// <summary>
    /// What tells this answer's row from the one that another call with the same key has left. What is sealed is unlike anything that was
    /// sealed before, since its nonce is.
    /// </summary>
    public (string Name, SqlValue Value)[] Identity => [("@key_hash", _call.Key.ToBytes()), ("@answer", _answer)];

    /// <summary>
    /// Changes one row if the key is free: never used, forgotten, or reserved by a former version and not answered for a minute.
    /// </summary>
    public Statement Keep() => new(
        """
        INSERT INTO idempotency (key_hash, body_hash, created_at, answer) VALUES (@key_hash, @body_hash, @now, @answer)
        ON CONFLICT (key_hash) DO UPDATE
        SET body_hash = excluded.body_hash, created_at = excluded.created_at, answer = excluded.answer
        WHERE idempotency.created_at < @forgotten_before
           OR (idempotency.answer IS NULL AND idempotency.created_at < @abandoned_before)
        """,
        ("@key_hash", _call.Key.ToBytes()),
        ("@body_hash", _call.Body.ToBytes()),
        ("@now", _call.At.ToUnixTimeMilliseconds()),
        ("@answer", _answer),
        ("@forgotten_before", _call.ForgottenBefore.ToUnixTimeMilliseconds()),
        ("@abandoned_before", _call.AbandonedBefore().ToUnixTimeMilliseconds()));

    /// <summary>Finds what stands under the key.</summary>
    public Statement Find() => Find(_call);

    public Remembered? Read(WriteResult outcome, Sealer sealer) =>
        outcome.Row is [byte[] body, var answer] ? Read(_call, body, answer as byte[], sealer) : null;

    public static Statement Find(KeyedCall call) => new(
        """
        SELECT body_hash, answer FROM idempotency
        WHERE key_hash = @key_hash AND created_at >= @forgotten_before AND (answer IS NOT NULL OR created_at >= @abandoned_before)
        """,
        ("@key_hash", call.Key.ToBytes()),
        ("@forgotten_before", call.ForgottenBefore.ToUnixTimeMilliseconds()),
        ("@abandoned_before", call.AbandonedBefore().ToUnixTimeMilliseconds()))
    {
        ReturnsRow = true,
    };

    public static Remembered Read(KeyedCall call, DbDataReader row, Sealer sealer) =>
        Read(call, row.GetFieldValue<byte[]>(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1), sealer);

    private static Remembered Read(KeyedCall call, byte[] body, byte[]? answer, Sealer sealer) => answer is null
        ? new Remembered.Running()
        : body.AsSpan().SequenceEqual(call.Body.ToBytes())
            ? new Remembered.Answered(sealer.Open(answer, PlaceOf(call.Key)))
            : new Remembered.OtherBody();

    private static string PlaceOf(SecretHash key) => $"idempotency.answer:{key.Hex}";
}
