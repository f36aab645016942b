namespace Countersign.Core.Limits;

/// <summary>How many codes may be guessed for a line in a day, over all its flows.</summary>
/// <remarks>
/// Counted in shares of the line's day, since projects may permit different probabilities. A project has half of a line's day, so that
/// none can lock out another.
/// </remarks>
public sealed class GuessLimits(ICounterStore counters, CounterKeys keys, BudgetOptions options)
{
    /// <summary>A line's whole day.</summary>
    public const long Day = 1_000_000_000_000;

    private readonly Counting _counting = options.GuessProbability is null ? new Counting(counters) : new Counting(
        counters,
        new Limit(LimitRule.GuessesOfProject, Day / 2, TimeSpan.FromDays(1), IsOfProject: true),
        new Limit(LimitRule.GuessesOfLine, Day, TimeSpan.FromDays(1)));

    internal IReadOnlyList<Limit> Limits => _counting.Limits;

    /// <summary>May a code of so many digits be guessed for this line?</summary>
    /// <param name="probability">How likely they may be guessed in a day.</param>
    public ValueTask<Allowance> JudgeAsync(
        PhoneNumber line, ProjectId project, int digits, decimal probability, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var cost = CostOf(digits, probability);
        Guards.Drop("S01", ref cost, () => 0);
        return _counting.JudgeAsync(keys.OfGuesses(line), new Charge(now, cost, keys.TagOf(project)), cancellationToken);
    }

    /// <summary>What a guess of so many digits is for projects that say nothing of their own; 0 where nothing is limited.</summary>
    internal long CostOf(int digits) => options.GuessProbability is { } probability ? CostOf(digits, probability) : 0;

    /// <summary>The share of a day that one guess is.</summary>
    public static long CostOf(int digits, decimal probability) =>
        (long)decimal.Min(Day, decimal.Floor(ChanceOf(digits) / probability * Day));

    /// <summary>How likely one guess of so many digits is right.</summary>
    public static decimal ChanceOf(int digits)
    {
        // Decimals, because in binary fractions 3 of 10000 are more than half of 6 of 10000.
        var chance = 1m;
        for (var digit = 0; digit < digits; digit++)
        {
            chance /= 10;
        }
        return chance;
    }
}
