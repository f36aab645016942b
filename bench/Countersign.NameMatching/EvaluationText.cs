using System.Globalization;
using Countersign.Core.Names;
using Countersign.NameMatching.Corpus;

namespace Countersign.NameMatching;

/// <summary>Prints an evaluation for people.</summary>
internal static class EvaluationText
{
    public static void Write(TextWriter output, string set, Evaluation evaluation, Evaluation? hand, int wrong)
    {
        output.WriteLine(
            $"Name matcher, version {NameMatcher.Version}, policy {evaluation.Policy.Name}, {set} pairs. Intervals: Wilson, 95 %.");
        output.WriteLine();
        output.WriteLine($"{"category",-18} {"truth",-10} {"n",6}  {"matched",-27} {"n/a",5}{(hand is null ? "" : "  hand: n  matched")}");
        foreach (var category in evaluation.Categories)
        {
            WriteCategory(output, category, hand?.Find(category.Category, category.IsSame), hand is not null);
        }
        if (hand is not null)
        {
            foreach (var category in hand.Categories.Where(category => evaluation.Find(category.Category, category.IsSame) is null))
            {
                output.WriteLine(
                    $"{category.Category,-18} {Truth(category),-10} {"",6}  {"",-27} {"",5}  {category.Pairs,7}  {category.Share}");
            }
        }
        output.WriteLine();
        WriteTotals(output, set, evaluation);
        if (hand is not null)
        {
            WriteTotals(output, "hand", hand);
        }
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture, $"time per pair, for information: {evaluation.TimePerPair.TotalMicroseconds:0.0} µs"));
        WriteWrong(output, set, evaluation.Wrong, wrong);
        if (hand is not null)
        {
            WriteWrong(output, "hand", hand.Wrong, wrong);
        }
    }

    public static string Of(WrongPair wrong)
    {
        var (pair, comparison) = (wrong.Pair, wrong.Comparison);
        var note = pair.Note.Length > 0 ? $"; {pair.Note}" : "";
        return $"{pair.Category}, {(pair.IsSame ? "same" : "different")}: {pair.Recorded.Given} {pair.Recorded.Family} / "
            + $"{pair.Given.Given} {pair.Given.Family}: "
            + $"given {comparison.Given.Rule}, family {comparison.Family.Rule}, score {comparison.Score} ({pair.Locale}{note})";
    }

    private static void WriteCategory(TextWriter output, CategoryResult category, CategoryResult? hand, bool hasHand)
    {
        var beside = !hasHand ? "" : hand is null ? $"  {"-",7}" : $"  {hand.Pairs,7}  {hand.Share}";
        output.WriteLine(
            $"{category.Category,-18} {Truth(category),-10} {category.Pairs,6}  {category.Share,-27} {category.NotAvailable,5}{beside}");
    }

    private static string Truth(CategoryResult category) => category.IsSame ? "same" : "different";

    private static void WriteTotals(TextWriter output, string set, Evaluation evaluation)
    {
        output.WriteLine($"{set}: precision        {evaluation.Precision}");
        output.WriteLine($"{set}: recall           {evaluation.Recall}");
        output.WriteLine($"{set}: false-match rate {evaluation.FalseMatchRate}");
    }

    private static void WriteWrong(TextWriter output, string set, IReadOnlyList<WrongPair> wrong, int max)
    {
        if (max == 0 || wrong.Count == 0)
        {
            return;
        }
        output.WriteLine();
        output.WriteLine($"Wrong pairs of the {set} set, {Math.Min(max, wrong.Count)} of {wrong.Count}:");
        // Wrong matches first: they let somebody in. Of the rest a sample over all categories.
        foreach (var pair in wrong.OrderBy(pair => pair.Pair.IsSame).Take(max))
        {
            output.WriteLine($"  {Of(pair)}");
        }
    }
}
