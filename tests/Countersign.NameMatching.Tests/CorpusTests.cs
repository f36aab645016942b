using Countersign.NameMatching.Corpus;

namespace Countersign.NameMatching.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void No_name_is_in_both_parts()
    {
        var tuning = NameLists.Of(CorpusPart.Tuning).Keys;
        var heldOut = NameLists.Of(CorpusPart.HeldOut).Keys;

        Assert.Empty(tuning.Intersect(heldOut, StringComparer.Ordinal));
    }

    /// <summary>A corpus that changes measures something else: who changes it on purpose writes the new sums and figures down.</summary>
    [Theory]
    [InlineData(false, "be7bb4b8a5944cb7")]
    [InlineData(true, "f7b4b9fae5850b1f")]
    public void The_generated_pairs_are_those_of_the_figures(bool isHeldOut, string checksum)
    {
        var pairs = GeneratedCorpus.Of(isHeldOut ? CorpusPart.HeldOut : CorpusPart.Tuning);

        Assert.Equal(checksum, GeneratedCorpus.Checksum(pairs)[..16]);
    }

    [Fact]
    public void Every_category_has_a_thousand_pairs_and_the_unrelated_twenty_thousand()
    {
        var counts = GeneratedCorpus.Of(CorpusPart.HeldOut).CountBy(pair => pair.Category, StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);

        Assert.All(counts, category => Assert.InRange(category.Value, category.Key == "unrelated" ? 20_000 : 1_000, int.MaxValue));
        Assert.Superset(
            new HashSet<string>(
                [
                    "exact", "case-space", "diacritics", "transliteration", "nickname", "initial", "extra-name", "middle-initial",
                    "particle", "double-barrel", "joined", "reordered", "swapped", "title", "typo", "unrelated", "same-family",
                    "same-given", "one-letter",
                ],
                StringComparer.Ordinal),
            counts.Keys.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_come_from_twelve_locales_and_more()
    {
        var lists = NameLists.Of(CorpusPart.HeldOut);

        Assert.InRange(
            lists.Given.Select(entry => entry.Locale).Intersect(lists.Family.Select(entry => entry.Locale), StringComparer.Ordinal).Count(),
            12, 99);
    }

    [Fact]
    public void Five_hundred_pairs_and_more_were_labelled_by_hand_each_once()
    {
        Assert.InRange(HandLabelledCorpus.All.Count, 500, 10_000);
        Assert.Distinct(HandLabelledCorpus.All.Select(pair => (pair.Recorded, pair.Given)));
    }
}
