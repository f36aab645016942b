using Countersign.Core.Money;

namespace Countersign.Core.History;

/// <summary>How many flows there were, what they came to and what they cost, by one thing that they have in common.</summary>
public sealed class FlowStatistics(IStatisticsStore store, ServerCaps caps)
{
    /// <param name="projects">Of these; null for all.</param>
    /// <param name="hidesFew">Leaves out what is about fewer lines than <see cref="OutcomeCount.FewPeople"/>.</param>
    public async Task<CountedFlows> ReadAsync(
        StatisticsQuery query, IReadOnlyCollection<ProjectId>? projects, bool hidesFew, CancellationToken cancellationToken)
    {
        var (from, to) = query.Spans;
        var counts = new List<OutcomeCount>();
        foreach (var project in projects is null ? [null] : projects.Select(one => (ProjectId?)one))
        {
            counts.AddRange(await store.ReadAsync(query.By, project, from, to, query.Limit, cancellationToken));
        }
        var sums = OutcomeCount.SumsOf(query.By, counts);
        List<OutcomeCount> told = [.. sums.Where(sum => !hidesFew || !sum.IsOfFew)];
        return new CountedFlows(from, to, [.. told.Take(query.Limit)], sums.Count - told.Count, caps.Prices?.Currency);
    }
}

/// <summary>What is asked for.</summary>
/// <param name="To">Before this moment.</param>
/// <param name="Limit">At most so many values.</param>
public sealed record StatisticsQuery(CountedBy By, DateTimeOffset From, DateTimeOffset To, int Limit)
{
    /// <summary>The most values of one answer.</summary>
    public const int MaxLimit = 1000;

    /// <summary>How far back it may go.</summary>
    public static TimeSpan MaxSpan => FlowHistory.CountsMemory;

    /// <summary>What is asked for in whole spans, as it was counted: hours, or days of UTC.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Spans
    {
        get
        {
            var span = By == CountedBy.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
            var from = From.UtcTicks - (From.UtcTicks % span.Ticks);
            var over = To.UtcTicks % span.Ticks;
            return (new(from, TimeSpan.Zero), new(over == 0 ? To.UtcTicks : To.UtcTicks - over + span.Ticks, TimeSpan.Zero));
        }
    }

    public override string ToString() => By.ToString();
}

/// <param name="From">The beginning of the first span.</param>
/// <param name="To">The end of the last.</param>
/// <param name="Counts">The greatest first; hours in their order.</param>
/// <param name="Hidden">How many values were left out, since few people stand behind them.</param>
/// <param name="Currency">Of the costs; null where there are no prices.</param>
public sealed record CountedFlows(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<OutcomeCount> Counts, int Hidden, string? Currency)
{
    public override string ToString() => $"{Counts.Count} counts";
}
