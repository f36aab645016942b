namespace Countersign.Core.Limits;

/// <summary>How many texts may be sent to a line, over all its flows.</summary>
public sealed class TextLimits(ICounterStore counters, CounterKeys keys, TextLimitOptions options)
{
    private readonly Counting _counting = new(counters, KeptOf(options));

    internal IReadOnlyList<Limit> Limits => _counting.Limits;

    public ValueTask<Allowance> JudgeAsync(
        PhoneNumber line, ProjectId project, DateTimeOffset now, CancellationToken cancellationToken) =>
        _counting.JudgeAsync(keys.OfTexts(line), new Charge(now, 1, keys.TagOf(project)), cancellationToken);

    private static Limit[] KeptOf(TextLimitOptions options)
    {
        Limit[] kept = [.. LimitsOf(options)];
        Guards.Drop("L06", ref kept, () => [.. kept.Where(limit => !limit.IsOfProject)]);
        Guards.Drop("F04", ref kept, () => [.. kept.Where(limit => limit.IsOfProject)]);
        return kept;
    }

    private static IEnumerable<Limit> LimitsOf(TextLimitOptions options)
    {
        if (options.PerHour is { } hour)
        {
            yield return new Limit(LimitRule.TextsOfProjectInHour, hour, TimeSpan.FromHours(1), IsOfProject: true);
            yield return new Limit(LimitRule.TextsOfLineInHour, 2 * hour, TimeSpan.FromHours(1));
        }
        if (options.PerDay is { } day)
        {
            yield return new Limit(LimitRule.TextsOfProjectInDay, day, TimeSpan.FromDays(1), IsOfProject: true);
            yield return new Limit(LimitRule.TextsOfLineInDay, 2 * day, TimeSpan.FromDays(1));
        }
    }
}
