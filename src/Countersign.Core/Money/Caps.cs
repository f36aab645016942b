namespace Countersign.Core.Money;

/// <summary>How much texts may cost in a calendar day and a calendar month, in UTC.</summary>
/// <param name="PerDay">Null for no limit; at most six places.</param>
/// <param name="PerMonth">Null for no limit; at most six places.</param>
/// <param name="Currency">Three capital letters (ISO 4217): that of the prices.</param>
public sealed record Caps(decimal? PerDay, decimal? PerMonth, string Currency)
{
    public decimal? Of(CapWindow window) => window == CapWindow.Day ? PerDay : PerMonth;

    /// <summary>Which of them would be passed by another cost; null when none would. Of several the one that lasts longest.</summary>
    public CapReached? Judge(Spent spent, decimal cost, DateTimeOffset now) =>
        new[] { CapWindow.Month, CapWindow.Day }
            .Where(window => Of(window) is { } cap && spent.In(window, now) + cost > cap)
            .Select(window => new CapReached(
                spent.Owner, window, spent.In(window, now), cost, Of(window)!.Value, Currency, CapWindows.EndOf(window, now)))
            .FirstOrDefault();

    public override string ToString() => $"{PerDay} a day, {PerMonth} a month";
}

/// <summary>What a cap is for. Both are of the calendar, in UTC.</summary>
public enum CapWindow
{
    Day,
    Month,
}

/// <summary>The calendar's windows as numbers that grow: 20261129 and 202611.</summary>
public static class CapWindows
{
    public static int DayOf(DateTimeOffset at) => (MonthOf(at) * 100) + at.UtcDateTime.Day;

    public static int MonthOf(DateTimeOffset at) => (at.UtcDateTime.Year * 100) + at.UtcDateTime.Month;

    public static DateTimeOffset EndOf(CapWindow window, DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return window == CapWindow.Day ? day.AddDays(1) : day.AddDays(1 - day.Day).AddMonths(1);
    }
}
