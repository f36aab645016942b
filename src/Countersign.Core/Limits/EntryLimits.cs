namespace Countersign.Core.Limits;

/// <summary>
/// How many wrong codes may be entered in the flows of one project, whichever their lines: who tries one code on each of many numbers
/// stays below every limit of a line.
/// </summary>
public sealed class EntryLimits(LeasedCounters counters, CounterKeys keys, BudgetOptions options)
{
    private readonly Limit? _limit = options is { WrongCodesPerProject: { } most, WrongCodes: not LimitMode.Off }
        ? new Limit(LimitRule.EntriesOfProject, most, TimeSpan.FromHours(1))
        : null;

    /// <summary>Whether a code may still be entered. Nothing is counted.</summary>
    /// <returns>Null when it may; in shadow always.</returns>
    public async ValueTask<LimitReached?> JudgeAsync(ProjectId project, CancellationToken cancellationToken) =>
        _limit is { } limit && options.WrongCodes == LimitMode.Enforce
            ? await counters.JudgeAsync(keys.OfEntries(project), limit, cancellationToken)
            : null;

    /// <summary>
    /// A code was compared, and nobody has been told yet. Wrong ones count, once more where another node was first: too many, never
    /// too few.
    /// </summary>
    /// <returns>Null when what came of it may be told. A right one is refused as a wrong one is: what is refused says nothing.</returns>
    public async ValueTask<SourceLimitReached?> AskAsync(ProjectId project, bool isRight, CancellationToken cancellationToken)
    {
        var reached = isRight || _limit is not { } limit
            ? await JudgeAsync(project, cancellationToken)
            : await counters.TakeAsync(keys.OfEntries(project), limit, cancellationToken);
        return reached is null ? null : new SourceLimitReached(reached, options.WrongCodes);
    }
}
