namespace Countersign.Core.Money;

/// <summary>Tells operators when much of a cap is spent, once over all nodes.</summary>
public sealed class CapAlerts(ISpendingStore store, ICapJournal journal)
{
    /// <summary>In percent. The last is also reached when a text finds no room.</summary>
    public static IReadOnlyList<int> Thresholds { get; } = [50, 80, 100];

    /// <summary>Looks at what is spent after a charge.</summary>
    public async Task LookAsync(CappedOwner capped, Spent spent, DateTimeOffset now)
    {
        foreach (var window in Enum.GetValues<CapWindow>())
        {
            if (capped.Caps is { } caps && caps.Of(window) is { } cap)
            {
                var reached = Thresholds.LastOrDefault(percent => spent.In(window, now) >= AmountAt(percent, cap));
                await TellAsync(spent, window, reached, cap, caps.Currency, now);
            }
        }
    }

    /// <summary>A text found no room: all of the cap is spent, as far as texts of this price go.</summary>
    public Task LookAsync(CapReached reached, Spent spent, DateTimeOffset now) =>
        TellAsync(spent, reached.Window, Thresholds[^1], reached.Cap, reached.Currency, now);

    private async Task TellAsync(Spent spent, CapWindow window, int percent, decimal cap, string currency, DateTimeOffset now)
    {
        // Of several at once the highest says it all. What was noted keeps nodes from telling it twice.
        if (percent > 0 && AmountAt(percent, cap) is var amount && amount > spent.ToldOf(window, now)
            && await store.TryTellAsync(spent.Owner, window, amount, now, CancellationToken.None))
        {
            journal.Passed(spent.Owner, window, percent, spent.In(window, now), cap, currency, CapWindows.EndOf(window, now));
        }
    }

    private static decimal AmountAt(int percent, decimal cap) => decimal.Round(cap * percent / 100m, Amounts.MaxPlaces);
}
