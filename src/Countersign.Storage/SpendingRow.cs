using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Money;

namespace Countersign.Storage;

/// <summary>The statements by which a charge is counted for one owner, and by which it is taken back.</summary>
/// <param name="ChargeId">Names the charge, for all its owners.</param>
internal sealed record SpendingRow(CappedOwner Capped, SpendingCharge Charge, byte[] ChargeId)
{
    public const string Columns = "owner, month, day, on_day, in_month, told_of_day, told_of_month";

    private string Owner => Capped.Owner.Key;

    private long Month => CapWindows.MonthOf(Charge.At);

    private long Day => CapWindows.DayOf(Charge.At);

    private long Cost => Amounts.ToMillionths(Charge.Amount);

    /// <summary>The rows of a charge, in the order in which they are to be counted.</summary>
    public static SpendingRow[] Of(SpendingCharge charge)
    {
        var id = RandomNumberGenerator.GetBytes(16);
        return [.. charge.Owners.Select(owner => new SpendingRow(owner, charge, id))];
    }

    public static Spent Read(DbDataReader row) => Read([.. Enumerable.Range(0, 7).Select(row.GetValue)]);

    /// <summary>Reads the <see cref="Columns"/>.</summary>
    public static Spent Read(object?[] row) => new(
        SpendingOwner.FromKey((string)row[0]!), (int)(long)row[1]!, (int)(long)row[2]!, Amount(row[3]), Amount(row[4]), Amount(row[5]),
        Amount(row[6]));

    /// <summary>Counts the cost if there is room, and if the owner before was counted; answers with the row, or with none.</summary>
    /// <remarks>On PostgreSQL the row is locked until the transaction ends, so what follows in it sees what counts.</remarks>
    /// <param name="before">The owner that is counted first; null for the first.</param>
    public Statement Count(SpendingRow? before) => new(
        $"""
        INSERT INTO spending (owner, month, day, on_day, in_month, told_of_day, told_of_month, charge_id)
        SELECT @owner, @month, @day, @cost, @cost, 0, 0, @charge_id
        WHERE @cost <= @day_cap AND @cost <= @month_cap
            AND (@is_first = 1 OR EXISTS (
                SELECT 1 FROM spending WHERE owner = @before AND month = @month AND charge_id = @charge_id))
        ON CONFLICT (owner, month) DO UPDATE SET
            on_day = CASE WHEN spending.day < @day THEN @cost ELSE spending.on_day + @cost END,
            told_of_day = CASE WHEN spending.day < @day THEN 0 ELSE spending.told_of_day END,
            day = CASE WHEN spending.day < @day THEN @day ELSE spending.day END,
            in_month = spending.in_month + @cost,
            charge_id = @charge_id
        WHERE spending.in_month + @cost <= @month_cap
            AND (spending.day < @day OR spending.on_day + @cost <= @day_cap)
        RETURNING {Columns}
        """,
        ("@owner", Owner),
        ("@month", Month),
        ("@day", Day),
        ("@cost", Cost),
        ("@charge_id", ChargeId),
        ("@day_cap", CapOf(CapWindow.Day)),
        ("@month_cap", CapOf(CapWindow.Month)),
        ("@is_first", before is null ? 1 : 0),
        ("@before", before?.Owner ?? ""))
    {
        ReturnsRow = true,
        Lock = LockOf(Owner),
    };

    /// <summary>Takes the cost back if its text was not saved in this transaction.</summary>
    public Statement TakeBack(byte[] text) => new(
        """
        UPDATE spending SET on_day = on_day - @cost, in_month = in_month - @cost
        WHERE owner = @owner AND month = @month AND charge_id = @charge_id
            AND NOT EXISTS (SELECT 1 FROM texts WHERE id = @id AND charge_id = @charge_id)
        """,
        ("@cost", Cost),
        ("@owner", Owner),
        ("@month", Month),
        ("@charge_id", ChargeId),
        ("@id", text));

    /// <summary>Takes the cost back if the last owner was not counted in this transaction.</summary>
    public Statement TakeBack(SpendingRow last) => new(
        """
        UPDATE spending SET on_day = on_day - @cost, in_month = in_month - @cost
        WHERE owner = @owner AND month = @month AND charge_id = @charge_id
            AND NOT EXISTS (SELECT 1 FROM spending WHERE owner = @last AND month = @month AND charge_id = @charge_id)
        """,
        ("@cost", Cost),
        ("@owner", Owner),
        ("@month", Month),
        ("@charge_id", ChargeId),
        ("@last", last.Owner));

    /// <summary>Gives back what was counted earlier, if the text that says so was saved in this transaction.</summary>
    public Statement GiveBack(byte[] text) => new(
        """
        UPDATE spending
        SET on_day = CASE WHEN day = @day THEN on_day - @cost ELSE on_day END, in_month = in_month - @cost, charge_id = @charge_id
        WHERE owner = @owner AND month = @month AND EXISTS (SELECT 1 FROM texts WHERE id = @id AND charge_id = @charge_id)
        """,
        ("@day", Day),
        ("@cost", Cost),
        ("@charge_id", ChargeId),
        ("@owner", Owner),
        ("@month", Month),
        ("@id", text));

    /// <summary>Gives back what was counted earlier.</summary>
    public Statement GiveBack() => new(
        """
        UPDATE spending
        SET on_day = CASE WHEN day = @day THEN on_day - @cost ELSE on_day END, in_month = in_month - @cost, charge_id = @charge_id
        WHERE owner = @owner AND month = @month
        """,
        ("@day", Day),
        ("@cost", Cost),
        ("@charge_id", ChargeId),
        ("@owner", Owner),
        ("@month", Month))
    {
        Lock = LockOf(Owner),
    };

    public static byte[] LockOf(string owner) => Encoding.UTF8.GetBytes($"spending {owner}");

    public override string ToString() => $"{Capped.Owner}";

    private long CapOf(CapWindow window) => Capped.Caps?.Of(window) is { } cap ? Amounts.ToMillionths(cap) : long.MaxValue;

    private static decimal Amount(object? millionths) => Amounts.FromMillionths((long)millionths!);
}
