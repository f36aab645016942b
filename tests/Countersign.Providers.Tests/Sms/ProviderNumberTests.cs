using Countersign.Providers.Sms;

namespace Countersign.Providers.Tests.Sms;

/// <summary>Numbers as providers write them.</summary>
public sealed class ProviderNumberTests
{
    [Theory]
    [InlineData("+12025550142", "+12025550142")]
    [InlineData("12025550142", "+12025550142")]
    [InlineData(" 0012025550142 ", "+12025550142")]
    [InlineData("447400123456", "+447400123456")]
    // No line of Egypt, where some have as many digits.
    [InlineData("2025550142", "+12025550142", "+2025550142")]
    [InlineData("+2025550142", "+2025550142")]
    // Toronto; with the country code of the Netherlands too short for a line.
    [InlineData("4165550142", "+14165550142")]
    // Texas; with a trunk zero behind the country code it would be a line in Austria.
    [InlineData("4302345678", "+14302345678", "+4302345678")]
    // Norway and Singapore, whose numbers have ten digits with the country code. The first could be one in Arkansas, too.
    [InlineData("4797555123", "+4797555123", "+14797555123")]
    [InlineData("6581234567", "+6581234567")]
    // New York and New Zealand; Malaysia and British Columbia; Denmark and Oregon; Peru and Quebec; Egypt and Alabama.
    [InlineData("6465550142", "+6465550142", "+16465550142")]
    [InlineData("6045550142", "+6045550142", "+16045550142")]
    [InlineData("4582345678", "+4582345678", "+14582345678")]
    [InlineData("5142345678", "+5142345678", "+15142345678")]
    [InlineData("2052345678", "+12052345678", "+2052345678")]
    // Ontario; Peru has as many digits, and no line yet that begins so.
    [InlineData("5195550142", "+15195550142", "+5195550142")]
    public void A_number_is_read_as_the_lines_that_exist(string text, params string[] expected) =>
        Assert.Equal(expected, ProviderNumber.ReadingsOf(text).Select(number => number.E164));

    [Theory]
    [InlineData("9995550142")]
    [InlineData("2000550142")]
    [InlineData("0123456789")]
    [InlineData("202555014x")]
    [InlineData("MyBrand")]
    [InlineData("12345")]
    [InlineData("")]
    [InlineData(null)]
    public void What_nobody_can_have_is_no_number(string? text) => Assert.Empty(ProviderNumber.ReadingsOf(text));
}
