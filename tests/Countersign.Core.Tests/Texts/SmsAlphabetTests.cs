using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class SmsAlphabetTests
{
    [Theory]
    [InlineData('a', 1, 1)]
    [InlineData('a', 160, 1)]
    [InlineData('a', 161, 2)]
    [InlineData('a', 306, 2)]
    [InlineData('a', 307, 3)]
    [InlineData('€', 80, 1)]
    [InlineData('€', 81, 2)]
    [InlineData('é', 160, 1)]
    [InlineData('ç', 70, 1)]
    [InlineData('ç', 71, 2)]
    [InlineData('ж', 70, 1)]
    [InlineData('ж', 71, 2)]
    [InlineData('ж', 134, 2)]
    [InlineData('ж', 135, 3)]
    public void Segments_are_counted_as_the_air_counts_them(char character, int count, int segments) =>
        Assert.Equal(segments, SmsAlphabet.CountSegments(new string(character, count)));

    [Fact]
    public void One_foreign_character_makes_the_whole_text_dear()
    {
        Assert.Equal(1, SmsAlphabet.CountSegments(new string('a', 71)));
        Assert.Equal(2, SmsAlphabet.CountSegments(new string('a', 70) + 'ж'));
    }

    [Fact]
    public void An_emoji_is_two_units()
    {
        Assert.Equal(1, SmsAlphabet.CountSegments(string.Concat(Enumerable.Repeat("😀", 35))));
        Assert.Equal(2, SmsAlphabet.CountSegments(string.Concat(Enumerable.Repeat("😀", 36))));
    }
}
