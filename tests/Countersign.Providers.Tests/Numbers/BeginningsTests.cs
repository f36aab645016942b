using Countersign.Providers.Numbers;

namespace Countersign.Providers.Tests.Numbers;

public sealed class BeginningsTests
{
    private const string AnotherForm = "is not how its numbers are kept; write the country code without a trunk zero behind it";
    private const string NoCountry = "begins no number of any country";

    [Theory]
    [InlineData("+120")]
    [InlineData("+1202555")]
    [InlineData("+4474")]
    [InlineData("+44740012")]
    [InlineData("+3712123")]
    [InlineData("+49151123456")]
    // Satellite phones, and a zero that belongs to the number.
    [InlineData("+88213")]
    [InlineData("+3902366")]
    [InlineData("+5411")]
    [InlineData("+54911")]
    [InlineData("+5255")]
    public void Numbers_may_begin_so(string beginning) => Assert.Null(Beginnings.ProblemOf(beginning));

    [Theory]
    [InlineData("+440740", AnotherForm)]
    [InlineData("+440740012", AnotherForm)]
    [InlineData("+33061", AnotherForm)]
    [InlineData("+521555", AnotherForm)]
    [InlineData("+999", NoCountry)]
    [InlineData("+2101234", NoCountry)]
    // All of a number, or nearly.
    [InlineData("+12025550142", "must have at most 7 digits: its numbers have 11 at most, and the last four are left out")]
    [InlineData("+12025550", "must have at most 7 digits: its numbers have 11 at most, and the last four are left out")]
    public void No_number_begins_so(string beginning, string problem) => Assert.Equal(problem, Beginnings.ProblemOf(beginning));
}
