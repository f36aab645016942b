using Countersign.Core.Money;

namespace Countersign.Storage;

/// <summary>Keeps what texts have cost; <see cref="TextStore"/> counts it together with the attempt that costs it.</summary>
internal sealed class SpendingStore(IDatabase database) : ISpendingStore
{
    public async Task<IReadOnlyList<Spent>> ReadAsync(
        IReadOnlyList<SpendingOwner> owners, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                $"SELECT {SpendingRow.Columns} FROM spending WHERE month = @month AND owner IN (@first, @second)",
                ("@month", (long)CapWindows.MonthOf(now)),
                ("@first", owners[0].Key),
                ("@second", owners[^1].Key)),
            SpendingRow.Read,
            cancellationToken);
        return [.. owners.Select(owner => rows.Find(row => row.Owner == owner) ?? Spent.Nothing(owner, now))];
    }

    public async Task<IReadOnlyList<Spent>> ListAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                $"SELECT {SpendingRow.Columns} FROM spending WHERE month = @month ORDER BY owner",
                ("@month", (long)CapWindows.MonthOf(now))),
            SpendingRow.Read,
            cancellationToken);

    public async Task<ClaimOutcome> TryChargeAsync(SpendingCharge charge, CancellationToken cancellationToken)
    {
        var rows = SpendingRow.Of(charge);
        Statement[] statements =
        [
            .. rows.Select((row, index) => row.Count(index == 0 ? null : rows[index - 1])),
            .. rows.SkipLast(1).Select(row => row.TakeBack(rows[^1])),
        ];
        var outcomes = await database.WriteAsync(statements, cancellationToken);
        var counted = outcomes.Take(rows.Length).ToList();
        return counted.Exists(outcome => outcome.Row is null)
            ? new ClaimOutcome.Over()
            : new ClaimOutcome.Counted(counted.ConvertAll(outcome => SpendingRow.Read(outcome.Row!)));
    }

    public Task GiveBackAsync(SpendingCharge charge, CancellationToken cancellationToken) =>
        database.WriteAsync([.. SpendingRow.Of(charge).Select(row => row.GiveBack())], cancellationToken);

    public async Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM spending WHERE (owner, month) IN (
                        SELECT owner, month FROM spending WHERE month < @month ORDER BY month LIMIT @limit)
                    """,
                    ("@month", (long)CapWindows.MonthOf(before)),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    public async Task<bool> TryTellAsync(
        SpendingOwner owner, CapWindow window, decimal amount, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (day, month, told) = ((long)CapWindows.DayOf(now), (long)CapWindows.MonthOf(now), Amounts.ToMillionths(amount));
        var outcomes = await database.WriteAsync(
            [window == CapWindow.Day ? TellOfDay(owner, month, day, told) : TellOfMonth(owner, month, told)], cancellationToken);
        return outcomes[0].Changed == 1;
    }

    // A row may be lacking where not even the first text found room.
    private static Statement TellOfDay(SpendingOwner owner, long month, long day, long told) => new(
        """
        INSERT INTO spending (owner, month, day, on_day, in_month, told_of_day, told_of_month, charge_id)
        VALUES (@owner, @month, @day, 0, 0, @told, 0, @charge_id)
        ON CONFLICT (owner, month) DO UPDATE SET
            told_of_day = @told,
            on_day = CASE WHEN spending.day < @day THEN 0 ELSE spending.on_day END,
            day = CASE WHEN spending.day < @day THEN @day ELSE spending.day END
        WHERE spending.day < @day OR spending.told_of_day < @told
        """,
        ("@owner", owner.Key),
        ("@month", month),
        ("@day", day),
        ("@told", told),
        ("@charge_id", Array.Empty<byte>()))
    {
        Lock = SpendingRow.LockOf(owner.Key),
    };

    private static Statement TellOfMonth(SpendingOwner owner, long month, long told) => new(
        """
        INSERT INTO spending (owner, month, day, on_day, in_month, told_of_day, told_of_month, charge_id)
        VALUES (@owner, @month, 0, 0, 0, 0, @told, @charge_id)
        ON CONFLICT (owner, month) DO UPDATE SET told_of_month = @told
        WHERE spending.told_of_month < @told
        """,
        ("@owner", owner.Key),
        ("@month", month),
        ("@told", told),
        ("@charge_id", Array.Empty<byte>()))
    {
        Lock = SpendingRow.LockOf(owner.Key),
    };
}
