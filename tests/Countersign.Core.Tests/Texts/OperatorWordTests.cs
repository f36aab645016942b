using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class OperatorWordTests
{
    [Theory]
    [InlineData("027", "027")]
    [InlineData("30005", "30005")]
    [InlineData("0x0000000b", "0x0000000b")]
    [InlineData("NACK/0x0000000b to +12025550142", "NACK/0x0000000b to +*")]
    [InlineData("absent subscriber", "absent subscriber")]
    [InlineData("error 11 of 42", "error 11 of 42")]
    [InlineData("1_202_555_0142", "*")]
    [InlineData("to 44/7700/900123", "to *")]
    [InlineData("(202) 555-0142", "(*")]
    [InlineData("2-0-2-5-5-5-0-1-4-2", "*")]
    [InlineData("482913", "*")]
    [InlineData("code:4829", "code:*")]
    [InlineData("0x12025550142", "0x*")]
    [InlineData("x0x20255501", "x0x*")]
    [InlineData("2é0é2é5", "2025")]
    [InlineData(" ", null)]
    [InlineData(null, null)]
    public void What_could_be_a_number_is_masked(string? word, string? expected) => Assert.Equal(expected, OperatorWord.Harmless(word));

    [Fact]
    public void A_word_is_at_most_64_characters() => Assert.Equal(new string('x', 64), OperatorWord.Harmless(new string('x', 65)));
}
