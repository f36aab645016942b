using CsCheck;

namespace Countersign.Core.Tests.Values;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("2025550142", "+12025550142")]
    [InlineData("12025550142", "+12025550142")]
    [InlineData("+12025550142", "+12025550142")]
    [InlineData("447968900002", "+447968900002")]
    [InlineData("+447968900002", "+447968900002")]
    [InlineData("+2001004025", "+2001004025")]
    [InlineData("2001004025", "+12001004025")]
    [InlineData("+6831234", "+6831234")]
    [InlineData("123456789012345", "+123456789012345")]
    public void A_number_is_read_into_one_form(string text, string e164)
    {
        Assert.True(PhoneNumber.TryParse(text, out var number));
        Assert.Equal(e164, number.E164);
    }

    [Theory]
    [Trait("attack", "A07")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("123456")]
    [InlineData("1234567890123456")]
    [InlineData("02025550142")]
    [InlineData("+02025550142")]
    [InlineData("0012025550142")]
    [InlineData("++12025550142")]
    [InlineData("1202555+142")]
    [InlineData("202-555-0142")]
    [InlineData(" 2025550142")]
    [InlineData("2025550142 ")]
    [InlineData("20255501x2")]
    [InlineData("٢٠٢٥٥٥٠١٤٢")]
    [InlineData("2025550142​")]
    [InlineData("２０２５５５０１４２")]
    public void What_is_no_number_is_not_read(string? text)
    {
        Assert.False(PhoneNumber.TryParse(text, out var number));
        Assert.Equal(default, number);
    }

    [Fact]
    public void Parse_throws_and_does_not_repeat_the_text()
    {
        var problem = Assert.Throws<FormatException>(() => PhoneNumber.Parse("202-555-0142"));

        Assert.DoesNotContain("555", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+12025550142", "+1********42")]
    [InlineData("+6831234", "+6****34")]
    public void A_number_prints_masked(string text, string printed) => Assert.Equal(printed, PhoneNumber.Parse(text).ToString());

    [Fact]
    public void A_number_that_was_never_read_prints_nothing() => Assert.Equal("", default(PhoneNumber).ToString());

    [Fact]
    public void What_was_read_is_read_again_as_the_same_number()
    {
        Gen.String[Gen.Char["+0123456789"], 0, 18].Sample(text =>
        {
            if (PhoneNumber.TryParse(text, out var number))
            {
                Assert.Equal(number, PhoneNumber.Parse(number.E164));
                Assert.Matches(@"^\+[1-9][0-9]{6,14}$", number.E164);
            }
        });
    }

    [Fact]
    public void No_text_at_all_makes_the_reader_throw()
    {
        Gen.String.Sample(text => PhoneNumber.TryParse(text, out _) || true);
    }

    /// <summary>With the prefixes that people dial, before a numbering plan has looked at it: longer than any number.</summary>
    [Theory]
    [InlineData("12345678901234567890", "+12345678901234567890")]
    [InlineData("+12345678901234567890", "+12345678901234567890")]
    [InlineData("123456789012345678901", null)]
    [InlineData("1234567", "+1234567")]
    [InlineData("123456", null)]
    [InlineData("+123456", null)]
    [InlineData("2025550142", "+12025550142")]
    [InlineData("+2025550142", "+2025550142")]
    [InlineData("0123456789", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void What_was_typed_has_room_for_prefixes(string? text, string? withPlus) =>
        Assert.Equal(withPlus, PhoneNumber.WithPlus(text));
}
