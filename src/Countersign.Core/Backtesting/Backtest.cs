using System.Runtime.InteropServices;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;

namespace Countersign.Core.Backtesting;

/// <summary>
/// What rules would have stopped of texts that were sent: each rule alone, and all together. A function of the texts and the rules,
/// whatever order the texts come in.
/// </summary>
public static class Backtest
{
    public static BacktestResult Run(IEnumerable<BacktestText> texts, PumpingOptions pumping, TextLimitOptions limits)
    {
        var ordered = texts.ToArray();
        Array.Sort(ordered, Compare);
        var moments = MomentsOf(ordered);
        var rules = BacktestRule.Of(pumping, limits).Select(rule => rule.Name).ToList();
        return new BacktestResult(
            ordered.Length,
            ordered.Select(text => text.Line).Distinct().Count(),
            ordered.Sum(text => text.Cost),
            [.. rules.Select(name => Try(ordered, moments, name, [BacktestRule.Of(pumping, limits).Single(rule => rule.Name == name)]))],
            Try(ordered, moments, BacktestResult.AllRules, [.. BacktestRule.Of(pumping, limits)]),
            [.. BacktestRule.Untold(pumping, limits)]);
    }

    private static StoppedTexts Try(BacktestText[] texts, List<Moment> moments, string name, BacktestRule[] rules)
    {
        var (isStopped, stopped, saved) = (new bool[texts.Length], 0, 0L);
        var (people, lost) = (new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var moment in moments)
        {
            ref readonly var text = ref texts[moment.Text];
            if (moment.IsProof)
            {
                if (!isStopped[moment.Text])
                {
                    foreach (var rule in rules)
                    {
                        rule.Learn(text);
                    }
                }
                continue;
            }
            // Each looks, also where another has stopped it: what it finds holds on.
            foreach (var rule in rules)
            {
                isStopped[moment.Text] |= rule.Stops(text);
            }
            if (!isStopped[moment.Text])
            {
                foreach (var rule in rules)
                {
                    rule.LetThrough(text);
                }
                continue;
            }
            (stopped, saved) = (stopped + 1, saved + text.Cost);
            people.Add(text.Line);
            if (text.ProvenAt is not null)
            {
                lost.Add(text.Line);
            }
        }
        return new StoppedTexts(name, stopped, people.Count, lost.Count, saved);
    }

    /// <summary>When texts were asked for and proofs came, in their order; a proof counts for the first text of its flow.</summary>
    private static List<Moment> MomentsOf(BacktestText[] texts)
    {
        var moments = new List<Moment>(texts.Length * 2);
        for (var i = 0; i < texts.Length; i++)
        {
            moments.Add(new Moment(texts[i].AskedAt, i, IsProof: false));
            if (texts[i] is { IsFirst: true, ProvenAt: { } provenAt })
            {
                moments.Add(new Moment(provenAt, i, IsProof: true));
            }
        }
        moments.Sort((one, other) => (one.At, one.IsProof, one.Text).CompareTo((other.At, other.IsProof, other.Text)));
        return moments;
    }

    private static int Compare(BacktestText one, BacktestText other) =>
        one.AskedAt != other.AskedAt ? one.AskedAt.CompareTo(other.AskedAt) : one.Flow.CompareTo(other.Flow);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Moment(DateTimeOffset At, int Text, bool IsProof);
}

/// <param name="Texts">That were sent.</param>
/// <param name="People">Lines that they went to.</param>
/// <param name="Cost">In millionths of the currency.</param>
/// <param name="Rules">What each would have done alone.</param>
/// <param name="Together">What all would have done.</param>
/// <param name="Untold">Rules that are on, for which outcomes tell too little.</param>
public sealed record BacktestResult(
    long Texts, long People, long Cost, IReadOnlyList<StoppedTexts> Rules, StoppedTexts Together, IReadOnlyList<string> Untold)
{
    public const string AllRules = "all";

    public override string ToString() => $"{Together.Texts} of {Texts}";
}

/// <summary>What would not have been sent.</summary>
/// <param name="People">Lines that it was for.</param>
/// <param name="Lost">Of these, those whose person proved that they hold the phone: nobody wants to stop them.</param>
/// <param name="Saved">In millionths of the currency.</param>
public sealed record StoppedTexts(string Rule, long Texts, long People, long Lost, long Saved)
{
    public override string ToString() => $"{Texts} texts";
}
