using Countersign.NameMatching;
using Countersign.NameMatching.Corpus;
using Countersign.Core.Names;

namespace Countersign.NameMatching.Tests;

/// <summary>
/// What the matcher promises on names that were never looked at. Who breaks it must not repair it by looking at the wrong pairs of this
/// part.
/// </summary>
public sealed class GateTests
{
    private static readonly IReadOnlyList<NamePair> _heldOut = GeneratedCorpus.Of(CorpusPart.HeldOut);
    private static readonly Evaluation _standard = Evaluation.Of(_heldOut, MatchPolicy.Standard);

    public static TheoryData<string> SameButTypos =>
        [.. _standard.Categories.Where(category => category.IsSame && category.Category is not ("typo" or "initial"))
            .Select(category => category.Category)];

    [Theory]
    [MemberData(nameof(SameButTypos))]
    public void Standard_finds_97_of_100_of_one_persons_names(string category) =>
        Assert.InRange(Share(_standard, category, true), 0.97, 1);

    // A record of a full name and an initial that is asked for are one person's names, and are refused all the same.
    [Fact]
    public void Standard_finds_97_of_100_initials_of_the_record_and_takes_none_that_is_asked_for()
    {
        var initials = _heldOut.Where(pair => pair.Category == "initial").ToLookup(pair => pair.Recorded.Given.TrimEnd('.').Length == 1);

        Assert.InRange(Evaluation.Of([.. initials[true]], MatchPolicy.Standard).Recall.Share!.Value, 0.97, 1);
        Assert.Equal(0, Evaluation.Of([.. initials[false]], MatchPolicy.Standard).Recall.Share);
    }

    [Fact]
    public void Standard_takes_at_most_one_of_a_thousand_unrelated_persons_for_another() =>
        Assert.InRange(Share(_standard, "unrelated", false), 0, 0.001);

    [Fact]
    public void Standard_takes_at_most_3_of_100_neighbours_by_one_letter_for_another() =>
        Assert.InRange(Share(_standard, "one-letter", false), 0, 0.03);

    [Theory]
    [InlineData("same-family")]
    [InlineData("same-given")]
    public void Standard_takes_at_most_one_of_a_hundred_who_share_a_name_for_another(string category) =>
        Assert.InRange(Share(_standard, category, false), 0, 0.01);

    [Fact]
    public void Lenient_finds_65_of_100_typos_and_takes_at_most_25_of_100_neighbours_for_another()
    {
        var lenient = Evaluation.Of(_heldOut, MatchPolicy.Lenient);

        Assert.InRange(Share(lenient, "typo", true), 0.65, 1);
        Assert.InRange(Share(lenient, "one-letter", false), 0, 0.25);
        Assert.InRange(Share(lenient, "unrelated", false), 0, 0.001);
    }

    [Fact]
    public void Strict_is_standard_without_initials()
    {
        var strict = Evaluation.Of(_heldOut, MatchPolicy.Strict);

        Assert.Equal(0, strict.Find("initial", true)!.Matched);
        Assert.All(_standard.Categories.Where(category => category.Category != "initial"), category =>
            Assert.InRange(strict.Find(category.Category, category.IsSame)!.Matched, 0, category.Matched));
    }

    private static double Share(Evaluation evaluation, string category, bool isSame) =>
        evaluation.Find(category, isSame)!.Share.Share!.Value;
}
