using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.NameMatching.Corpus;

namespace Countersign.NameMatching;

/// <summary>How the pairs of one category came out.</summary>
/// <param name="Matched">Right for the same person, wrong for different ones.</param>
/// <param name="NotAvailable">Neither said to match nor to differ.</param>
internal sealed record CategoryResult(string Category, bool IsSame, int Pairs, int Matched, int NotAvailable)
{
    public Proportion Share => new(Matched, Pairs);
}

/// <summary>A pair that came out wrong, and why.</summary>
internal sealed record WrongPair(NamePair Pair, NameComparison Comparison);

/// <summary>The matcher measured on labelled pairs.</summary>
internal sealed class Evaluation
{
    private Evaluation(
        MatchPolicy policy, IReadOnlyList<CategoryResult> categories, IReadOnlyList<WrongPair> wrong, TimeSpan timePerPair) =>
        (Policy, Categories, Wrong, TimePerPair) = (policy, categories, wrong, timePerPair);

    public MatchPolicy Policy { get; }

    /// <summary>In the order of the corpus.</summary>
    public IReadOnlyList<CategoryResult> Categories { get; }

    /// <summary>Different persons that matched, and one person's names that did not.</summary>
    public IReadOnlyList<WrongPair> Wrong { get; }

    public TimeSpan TimePerPair { get; }

    /// <summary>Of what matched, what was right.</summary>
    public Proportion Precision => new(Sum(true, c => c.Matched), Categories.Sum(c => c.Matched));

    /// <summary>Of one person's names, what matched.</summary>
    public Proportion Recall => new(Sum(true, c => c.Matched), Sum(true, c => c.Pairs));

    /// <summary>Of different persons' names, what matched.</summary>
    public Proportion FalseMatchRate => new(Sum(false, c => c.Matched), Sum(false, c => c.Pairs));

    public static Evaluation Of(IReadOnlyList<NamePair> pairs, MatchPolicy policy)
    {
        // The first comparison reads the table: not what a pair costs.
        NameMatcher.Compare(new PersonName("Robert", "Smith"), new PersonName("Bob", "Simth"), policy);
        var start = TimeProvider.System.GetTimestamp();
        var comparisons = pairs.Select(pair => NameMatcher.Compare(pair.Recorded, pair.Given, policy)).ToList();
        var time = TimeProvider.System.GetElapsedTime(start) / pairs.Count;

        var results = pairs.Zip(comparisons, (pair, comparison) => new WrongPair(pair, comparison)).ToList();
        return new Evaluation(
            policy,
            [
                .. results.GroupBy(result => (result.Pair.Category, result.Pair.IsSame)).Select(group => new CategoryResult(
                    group.Key.Category,
                    group.Key.IsSame,
                    group.Count(),
                    group.Count(result => result.Comparison.Match == IdentityMatch.Matched),
                    group.Count(result => result.Comparison.Match == IdentityMatch.NotAvailable))),
            ],
            [.. results.Where(result => result.Pair.IsSame != (result.Comparison.Match == IdentityMatch.Matched))],
            time);
    }

    public CategoryResult? Find(string category, bool isSame) =>
        Categories.FirstOrDefault(result => result.Category == category && result.IsSame == isSame);

    private int Sum(bool isSame, Func<CategoryResult, int> number) => Categories.Where(category => category.IsSame == isSame).Sum(number);
}
