namespace Countersign.Core.Limits;

/// <summary>What is spent of a line's budgets, for a person who asks why they are refused, and the way out.</summary>
public sealed class LineBudgets(
    GuessLimits guesses, NameLimits names, TextLimits texts, CounterKeys keys, ICounterStore counters, Turns turns, TimeProvider time)
{
    // The code that flows have where nobody asks for another: what one more entry would cost.
    private const int Digits = 6;

    /// <summary>What is spent, of each limit of the line and of each project that has spent something.</summary>
    /// <param name="all">The projects there are: counters know them by tags alone.</param>
    public async Task<IReadOnlyList<Spending>> ShowAsync(
        PhoneNumber line, IReadOnlyList<ProjectId> all, CancellationToken cancellationToken)
    {
        var spent = new List<Spending>();
        foreach (var kind in KindsOf(line))
        {
            spent.AddRange(SpentOf(kind, await counters.ReadAsync(kind.Key, cancellationToken), all));
        }
        return spent;
    }

    /// <summary>Begins the line's budgets anew: nothing that was counted counts any more.</summary>
    /// <returns>What was spent until then.</returns>
    /// <exception cref="UnavailableException">Others were always first.</exception>
    public async Task<IReadOnlyList<Spending>> LiftAsync(PhoneNumber line, IReadOnlyList<ProjectId> all)
    {
        var lifted = new List<Spending>();
        foreach (var kind in KindsOf(line))
        {
            var before = await EmptyAsync(kind.Key);
            lifted.AddRange(SpentOf(kind, before, all).Where(one => one.Count > 0));
        }
        return lifted;
    }

    private async Task<Counter> EmptyAsync(CounterKey key)
    {
        var turn = turns.Begin(Turns.CallTimeout);
        for (var conflicts = 1; ; conflicts++)
        {
            // Once it has begun it is finished, so that the line in the log is true.
            var counter = await counters.ReadAsync(key, CancellationToken.None);
            var empty = new CounterChange(counter, counter with { Charges = [] }, TimeSpan.Zero);
            if (counter.Charges.Count == 0 || await counters.TrySaveAsync(empty, CancellationToken.None))
            {
                return counter;
            }
            await turns.PauseAsync(conflicts, turn, CancellationToken.None);
        }
    }

    private IEnumerable<Spending> SpentOf(Kind kind, Counter counter, IReadOnlyList<ProjectId> all)
    {
        var now = time.GetUtcNow();
        foreach (var limit in kind.Limits)
        {
            if (!limit.IsOfProject)
            {
                var ofLine = kind.IsOfNames ? NameLimits.OfLine(counter) : counter;
                yield return Spending.Of(limit, ofLine, null, 0, kind.Cost, now);
                continue;
            }
            foreach (var project in all)
            {
                var one = Spending.Of(limit, counter, project, keys.TagOf(project), kind.Cost, now);
                if (one.Count > 0)
                {
                    yield return one;
                }
            }
        }
    }

    private IEnumerable<Kind> KindsOf(PhoneNumber line) =>
    [
        new(keys.OfGuesses(line), guesses.Limits, guesses.CostOf(Digits)),
        new(keys.OfNames(line), names.Limits, 1) { IsOfNames = true },
        new(keys.OfTexts(line), texts.Limits, 1),
    ];

    /// <param name="Cost">What one more would be charged.</param>
    private sealed record Kind(CounterKey Key, IReadOnlyList<Limit> Limits, long Cost)
    {
        public bool IsOfNames { get; init; }
    }
}

/// <summary>How much of a limit is spent.</summary>
/// <param name="Project">Null for all projects together.</param>
/// <param name="Until">From this moment on one more is possible; null when one is now.</param>
public sealed record Spending(string Rule, ProjectId? Project, long Count, long Max, TimeSpan Window, DateTimeOffset? Until)
{
    internal static Spending Of(Limit limit, Counter counter, ProjectId? project, long tag, long cost, DateTimeOffset now) => new(
        limit.Rule, project, limit.Count(counter, tag, now), limit.Max, limit.Window, limit.Judge(counter, tag, cost, now)?.Until);

    public override string ToString() => $"{Count} of {Max}";
}
