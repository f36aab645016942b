using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Tests.IdentityMatching;

public sealed class PartialDateTests
{
    [Theory]
    [InlineData("1981-01-17", 1981, 1, 17)]
    [InlineData("1981-01", 1981, 1, null)]
    [InlineData("01-17", null, 1, 17)]
    [InlineData("02-29", null, 2, 29)]
    [InlineData("2000-02-29", 2000, 2, 29)]
    public void A_date_or_a_part_of_one_is_read_and_written_as_it_was(string text, int? year, int month, int? day)
    {
        Assert.True(PartialDate.TryParse(text, out var date));

        Assert.Equal(new PartialDate(year, month, day), date);
        Assert.Equal(text, date.ToText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1981-13-01")]
    [InlineData("1981-02-29")]
    [InlineData("02-30")]
    [InlineData("1899-12-31")]
    [InlineData("17-01-1981")]
    [InlineData("1981/01/17")]
    [InlineData("1981-1-7")]
    [InlineData("19810117")]
    [InlineData("１９８１-01-17")]
    public void What_is_no_date_is_not_read(string text) => Assert.False(PartialDate.TryParse(text, out _));

    [Theory]
    [InlineData("1981-01-17", true)]
    [InlineData("1981-01", true)]
    [InlineData("01-17", true)]
    [InlineData("1981-01-18", false)]
    [InlineData("1982-01", false)]
    [InlineData("01-18", false)]
    public void Every_part_that_is_given_must_agree(string text, bool agrees) =>
        Assert.Equal(agrees, PartialDate.Parse(text).AgreesWith(PartialDate.Parse("1981-01-17")));

    [Fact]
    public void A_date_is_whole_when_all_of_it_is_given()
    {
        Assert.Equal(new DateOnly(1981, 1, 17), PartialDate.Parse("1981-01-17").Whole);
        Assert.Null(PartialDate.Parse("1981-01").Whole);
        Assert.Null(PartialDate.Parse("01-17").Whole);
    }

    [Theory]
    [InlineData("847350596", "847350596", true)]
    [InlineData("847350596", "0596", true)]
    [InlineData("0596", "847350596", true)]
    [InlineData("847350596", "847350597", false)]
    [InlineData("947350596", "847350596", false)]
    [InlineData("847350596", "0597", false)]
    public void Two_numbers_agree_as_far_as_both_are_known(string one, string other, bool agree) =>
        Assert.Equal(agree, Ssn.Parse(one).AgreesWith(Ssn.Parse(other)));

    [Theory]
    [InlineData("84735059")]
    [InlineData("847-35-0596")]
    [InlineData("٨٤٧٣")]
    public void What_is_neither_nine_nor_four_digits_is_no_ssn(string text) => Assert.False(Ssn.TryParse(text, out _));
}
