namespace Countersign.Core.History;

/// <summary>Reads what outcomes were counted by, as <see cref="IOutcomeStore"/> has added it up.</summary>
public interface IStatisticsStore
{
    /// <summary>The sums over the spans that begin from <paramref name="from"/> on and before <paramref name="to"/>, the greatest first;
    /// hours in their order.</summary>
    /// <param name="project">Null for all.</param>
    /// <param name="limit">At most so many values.</param>
    Task<IReadOnlyList<OutcomeCount>> ReadAsync(
        CountedBy by, ProjectId? project, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken);

    /// <summary>Removes what was counted before the given moment, at most <paramref name="limit"/> rows.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
