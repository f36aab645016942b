using Countersign.Core;

namespace Countersign.NameMatching.Corpus;

/// <summary>Pairs that a person wrote and judged one by one, the arguable ones among them.</summary>
internal static class HandLabelledCorpus
{
    public static IReadOnlyList<NamePair> All { get; } = [.. CorpusText.Lines("hand-labelled.tsv").Select(Parse)];

    private static NamePair Parse(string line) =>
        line.Split('\t') is [var category, var same, var given1, var family1, var given2, var family2, var locale, var note]
        && same is "same" or "different"
        ? new NamePair(category, same == "same", new PersonName(given1, family1), new PersonName(given2, family2), locale, note)
        : throw new FormatException("A line of hand-labelled.tsv does not have its eight columns.");
}
