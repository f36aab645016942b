using System.Globalization;
using Countersign.Core.Possession;

namespace Countersign.Core.Tests.Possession;

public sealed class GuessBudgetTests
{
    [Theory]
    [Trait("attack", "S01")]
    [InlineData(4, 1, "0.0002")]
    [InlineData(4, 3, "0.0006")]
    [InlineData(5, 3, "0.00006")]
    [InlineData(6, 10, "0.00002")]
    public void A_flow_may_use_up_half_of_what_a_day_permits(int digits, int entries, string probability) =>
        Assert.Equal(probability, GuessBudget.InWords(GuessBudget.MinFor(digits, entries)));

    [Theory]
    [InlineData("0.0006", 4, true, null)]
    [InlineData("0.00059", 4, true, "write 5 #, or set the project's GuessProbability to at least 0.0006")]
    [InlineData("0.0002", 4, false, null)]
    [InlineData("0.00019", 4, false, "write 5 #, or set the project's GuessProbability to at least 0.0002")]
    [InlineData("0.00001", 5, true, "write 6 #, or set the project's GuessProbability to at least 0.00006")]
    [InlineData("0.000001", 6, true, null)]
    public void A_code_that_is_too_short_is_told_how_long_it_has_to_be(string probability, int digits, bool allowsRetry, string? problem)
    {
        var budget = new GuessBudget(new PossessionOptions(), ofServer: 0.00001m);

        var told = budget.Problem(decimal.Parse(probability, CultureInfo.InvariantCulture), digits, allowsRetry);

        Assert.Equal(problem is null ? null : $"a code of {digits} digits is too easy to guess: {problem}", told);
    }

    [Theory]
    [InlineData("0.0006", true, 4)]
    [InlineData("0.0002", true, 5)]
    [InlineData("0.0002", false, 4)]
    [InlineData("0.000001", true, 6)]
    public void Without_a_wording_a_code_is_as_short_as_the_project_permits(string probability, bool allowsRetry, int digits)
    {
        var budget = new GuessBudget(new PossessionOptions { CodeLength = 4 }, ofServer: 0.00001m);

        Assert.Equal(digits, budget.DefaultDigits(decimal.Parse(probability, CultureInfo.InvariantCulture), allowsRetry));
    }

    [Fact]
    public void What_nobody_has_set_is_what_Live_begins_with()
    {
        Assert.Equal(0.00001m, GuessBudget.None.AsSet(null));
        Assert.Equal(0.002m, new GuessBudget(new PossessionOptions(), ofServer: 0.002m).AsSet(null));
        Assert.Equal(0.003m, new GuessBudget(new PossessionOptions(), ofServer: 0.002m).AsSet(0.003m));
    }

    [Fact]
    public void The_sandbox_permits_every_length()
    {
        var sandbox = new GuessBudget(new PossessionOptions { CodeLength = 4 }, ofServer: null);

        Assert.Null(sandbox.Problem(GuessBudget.Min, digits: 4, allowsRetry: true));
        Assert.Equal(4, sandbox.DefaultDigits(GuessBudget.Min, allowsRetry: true));
    }
}
