using System.Buffers.Binary;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Limits;

namespace Countersign.Storage;

/// <summary>A counter's row as it is to be saved, and as it was.</summary>
/// <param name="Keys">What it may stand under: first what it is written with, so that a row that lives on stands under the present
/// day.</param>
/// <param name="ChargeId">Names this change: a flow that it belongs to has the same, or was not saved.</param>
/// <param name="Lock">The same under every key.</param>
/// <param name="IsChanging">Whether others may look for the row under another key or day.</param>
/// <param name="Charges">Sealed: their tags are made of a number and a name.</param>
internal sealed record CounterRow(
    (string Name, SqlValue Value)[] Keys, long Version, byte[] ChargeId, long ExpiresAt, byte[] Charges, Func<byte[]> Former, byte[] Lock,
    bool IsChanging)
{
    public const string Table = "counters";

    private const int BytesOfCharge = 4 * sizeof(long);

    public static CounterRow Of(CounterChange change, Sealer sealer, HashSealer hashes) => new(
        hashes.ValuesOfDays(Table, change.Before.Key.Hash.ToBytes()),
        change.Before.Version,
        RandomNumberGenerator.GetBytes(16),
        ExpiryOf(change),
        SealedOf(change.After, sealer),
        () => SealedOf(change.Before, sealer),
        change.Before.Key.Hash.ToBytes(),
        hashes.IsTurning);

    /// <summary>The last of them changes one row, or none where somebody was first.</summary>
    /// <remarks>On PostgreSQL the row is locked until the transaction ends, so what follows in it sees what counts.</remarks>
    public Statement[] Save() => Version == 0 && IsChanging ? [OneAtATime.Take(), Change()] : [Change()];

    private Statement Change() => Version == 0
        ? new Statement(
            $"""
            INSERT INTO counters (counter_key, version, charge_id, expires_at, charges)
            SELECT @hash, @counter_version, @charge_id, @counter_expires_at, @charges
            WHERE NOT EXISTS (
                SELECT 1 FROM counters WHERE counter_key IN {HashValues.OfDays})
            ON CONFLICT (counter_key) DO NOTHING
            """,
            [
                Keys[0],
                // By chance: a row that was removed and came again is another one to whoever read the former.
                ("@counter_version", RandomNumberGenerator.GetInt32(1, int.MaxValue)),
                ("@charge_id", ChargeId),
                ("@counter_expires_at", ExpiresAt),
                ("@charges", Charges),
                .. Keys[1..],
            ])
        {
            Lock = Lock,
        }
        : new Statement(
            $"""
            UPDATE counters
            SET counter_key = @hash, version = version + 1, charge_id = @charge_id, expires_at = @counter_expires_at, charges = @charges
            WHERE counter_key IN {HashValues.OfDays} AND version = @counter_version
            """,
            [
                Keys[0], ("@charge_id", ChargeId), ("@counter_expires_at", ExpiresAt), ("@charges", Charges), .. Keys[1..],
                ("@counter_version", Version),
            ])
        {
            Lock = Lock,
        };

    /// <summary>Puts the row back if the flow that it was charged for was not saved in this transaction.</summary>
    public Statement TakeBack(CorrelationId flow) => new(
        $"""
        UPDATE counters SET version = version + 1, charges = @former
        WHERE counter_key IN {HashValues.OfDays} AND charge_id = @charge_id
            AND NOT EXISTS (SELECT 1 FROM flows WHERE id = @id AND charge_id = @charge_id)
        """,
        [("@former", Former()), .. Keys, ("@charge_id", ChargeId), ("@id", flow.ToBytes())]);

    /// <summary>The place that a row's charges are sealed for.</summary>
    /// <param name="hash">The counter's, as it is under no key.</param>
    public static string PlaceOf(byte[] hash) => $"counters.charges:{Convert.ToHexStringLower(hash)}";

    /// <summary>False for what an earlier version wrote, in clear: what is sealed is not of whole charges.</summary>
    public static bool IsSealed(byte[] stored) => stored.Length % BytesOfCharge != 0;

    public static IReadOnlyList<Charge> ChargesIn(byte[] stored, CounterKey key, Sealer sealer)
    {
        var bytes = IsSealed(stored) ? sealer.Open(stored, PlaceOf(key.Hash.ToBytes())) : stored;
        var charges = new Charge[bytes.Length / BytesOfCharge];
        for (var i = 0; i < charges.Length; i++)
        {
            charges[i] = new Charge(
                DateTimeOffset.FromUnixTimeMilliseconds(At(bytes, i, 0)), At(bytes, i, 1), At(bytes, i, 2), At(bytes, i, 3));
        }
        return charges;
    }

    public static byte[] BytesOf(IReadOnlyList<Charge> charges)
    {
        var bytes = new byte[charges.Count * BytesOfCharge];
        for (var i = 0; i < charges.Count; i++)
        {
            var at = bytes.AsSpan(i * BytesOfCharge, BytesOfCharge);
            BinaryPrimitives.WriteInt64BigEndian(at, charges[i].At.ToUnixTimeMilliseconds());
            BinaryPrimitives.WriteInt64BigEndian(at[8..], charges[i].Cost);
            BinaryPrimitives.WriteInt64BigEndian(at[16..], charges[i].Project);
            BinaryPrimitives.WriteInt64BigEndian(at[24..], charges[i].Item);
        }
        return bytes;
    }

    // Charges name nobody, but when somebody was called is not for a log.
    public override string ToString() => "***";

    private static byte[] SealedOf(Counter counter, Sealer sealer) =>
        sealer.Seal(BytesOf(counter.Charges), PlaceOf(counter.Key.Hash.ToBytes()));

    private static long At(byte[] bytes, int charge, int place) =>
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan((charge * BytesOfCharge) + (place * sizeof(long))));

    // Up to the whole hour: the column is indexed, and most charges shall not move its entry.
    private static long ExpiryOf(CounterChange change)
    {
        var hour = TimeSpan.FromHours(1).Ticks;
        var end = change.After.EndOf(change.KeptFor);
        return end == DateTimeOffset.MinValue
            ? 0
            : new DateTimeOffset(((end.UtcTicks / hour) + 1) * hour, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }
}
