using Countersign.Core.History;

namespace Countersign.Core.Tests.Values;

/// <summary>Words that stand outside in answers, events and statistics: who reads them compares texts.</summary>
public sealed class WordsTests
{
    [Fact]
    public void Each_product_has_its_word() => Assert.Equal(
        ["verified-users", "pre-fill", "unify", "one-call"], Enum.GetValues<Product>().Select(Products.WordOf));

    [Fact]
    public void Each_type_of_flow_has_its_word() => Assert.Equal(
        ["desktop", "mobile", "none"], Enum.GetValues<FlowType>().Select(FlowTypes.WordOf));

    [Fact]
    public void Each_verdict_on_possession_has_its_word() => Assert.Equal(
        ["open", "proven", "not-accepted", "failed", "not-asked"], Enum.GetValues<PossessionVerdict>().Select(PossessionVerdicts.WordOf));
}
