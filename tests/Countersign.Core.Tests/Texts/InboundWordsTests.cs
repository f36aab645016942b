using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class InboundWordsTests
{
    [Theory]
    [InlineData("STOP", InboundWord.Stop)]
    [InlineData("stop", InboundWord.Stop)]
    [InlineData("  Stop.\r\n", InboundWord.Stop)]
    [InlineData("\"STOP!\"", InboundWord.Stop)]
    [InlineData("UNSUBSCRIBE", InboundWord.Stop)]
    [InlineData("Cancel", InboundWord.Stop)]
    [InlineData("END", InboundWord.Stop)]
    [InlineData("quit", InboundWord.Stop)]
    [InlineData("STOPALL", InboundWord.StopAll)]
    [InlineData("stop all", InboundWord.StopAll)]
    [InlineData("START", InboundWord.Start)]
    [InlineData("unstop", InboundWord.Start)]
    [InlineData("Help?", InboundWord.Help)]
    [InlineData("", InboundWord.None)]
    [InlineData("…", InboundWord.None)]
    [InlineData("please stop this", InboundWord.None)]
    [InlineData("NONSTOP", InboundWord.None)]
    [InlineData("1234", InboundWord.None)]
    public void A_text_counts_when_it_is_the_word_and_nothing_else(string text, InboundWord word) => Assert.Equal(word, InboundWords.Of(text));

    [Theory]
    [InlineData("MyBrand", true)]
    [InlineData("My Brand 24", true)]
    [InlineData("A&B-C_D.E", true)]
    [InlineData("+12025550142", true)]
    [InlineData("12345", true)]
    [InlineData("123", true)]
    [InlineData("12", false)]
    [InlineData("TwelveLetter", false)]
    [InlineData("Straße", false)]
    [InlineData(" Brand", false)]
    [InlineData("", false)]
    [InlineData("+", false)]
    [InlineData("--", false)]
    [InlineData("Bra\nnd", false)]
    [InlineData("1234567890123456", false)]
    public void A_sender_is_a_short_name_or_a_number(string sender, bool isValid) => Assert.Equal(isValid, SenderId.IsValid(sender));

    [Theory]
    [InlineData("+12025550142", "12025550142")]
    [InlineData("MyBrand", "MYBRAND ")]
    public void A_sender_has_one_spelling_to_compare(string one, string other) => Assert.Equal(SenderId.Normalize(one), SenderId.Normalize(other));
}
