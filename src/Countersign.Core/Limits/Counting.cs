namespace Countersign.Core.Limits;

/// <summary>Limits that look at one counter.</summary>
/// <param name="limits">None where nothing is limited.</param>
internal sealed class Counting(ICounterStore counters, params IReadOnlyList<Limit> limits)
{
    public IReadOnlyList<Limit> Limits => limits;

    /// <summary>How long charges count.</summary>
    public TimeSpan Window { get; } = limits.Count == 0 ? TimeSpan.Zero : limits.Max(limit => limit.Window);

    public async ValueTask<Allowance> JudgeAsync(CounterKey key, Charge charge, CancellationToken cancellationToken) => limits.Count == 0
        ? new Allowance.Unlimited()
        : Judge(await counters.ReadAsync(key, cancellationToken), charge);

    public Allowance Judge(Counter counter, Charge charge)
    {
        // Of several the one that lasts longest: before that nothing is possible.
        var reached = limits.Select(limit => limit.Judge(counter, charge.Project, charge.Cost, charge.At)).OfType<LimitReached>()
            .MaxBy(one => one.Until);
        return reached is null
            ? new Allowance.Possible(new CounterChange(counter, counter.With(charge, Window), Window))
            : new Allowance.Over(reached);
    }
}
