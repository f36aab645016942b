using System.Collections.Concurrent;

namespace Countersign.Core.Limits;

/// <summary>
/// How many wrong codes may be entered in the flows of one project, whichever their lines: who tries one code on each of many numbers
/// stays below every limit of a line.
/// </summary>
public sealed class EntryLimits(LeasedCounters counters, CounterKeys keys, BudgetOptions options, TimeProvider time)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    private readonly Limit? _limit = options is { WrongCodesPerProject: { } most, WrongCodes: not LimitMode.Off }
        ? new Limit(LimitRule.EntriesOfProject, most, _hour)
        : null;

    private readonly ConcurrentDictionary<ProjectId, DateTimeOffset> _told = [];

    /// <summary>
    /// Whether a code may still be sent and entered. To be asked before a code is compared: what is refused then says nothing of it.
    /// </summary>
    /// <returns>Null when it may; in shadow always.</returns>
    public async ValueTask<LimitReached?> JudgeAsync(ProjectId project, CancellationToken cancellationToken) =>
        _limit is { } limit && options.WrongCodes == LimitMode.Enforce
            ? await counters.JudgeAsync(keys.OfEntries(project), limit, cancellationToken)
            : null;

    /// <summary>
    /// Counts a wrong code. To be done once the flow has counted it: whatever happens here, what was told and stored stays.
    /// </summary>
    /// <returns>Not null when it was too many, once an hour for each project: who runs this server is to hear of it.</returns>
    public async ValueTask<SourceLimitReached?> CountAsync(ProjectId project)
    {
        if (_limit is not { } limit)
        {
            return null;
        }
        try
        {
            var reached = await counters.TakeAsync(keys.OfEntries(project), limit, CancellationToken.None);
            return reached is not null && IsNews(project) ? new SourceLimitReached(reached, options.WrongCodes) : null;
        }
        catch (UnavailableException)
        {
            // One too few of very many; the entry itself has been counted.
            return null;
        }
    }

    private bool IsNews(ProjectId project)
    {
        var now = time.GetUtcNow();
        return _told.TryGetValue(project, out var last)
            ? now - last >= _hour && _told.TryUpdate(project, now, last)
            : _told.TryAdd(project, now);
    }
}
