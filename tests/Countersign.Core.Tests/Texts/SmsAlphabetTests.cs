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

    [Theory]
    // 152 septets leave one in the first segment, and an escape needs two with its character.
    [InlineData(152, 1, 152, 3)]
    [InlineData(151, 1, 153, 2)]
    public void An_escape_is_not_parted_from_its_character(int before, int euros, int after, int segments) =>
        Assert.Equal(segments, SmsAlphabet.CountSegments(new string('a', before) + new string('€', euros) + new string('a', after)));

    [Fact]
    public void Half_an_emoji_is_in_no_segment() =>
        Assert.Equal(3, SmsAlphabet.CountSegments(new string('ж', 66) + "😀" + new string('ж', 66)));

    [Theory]
    [InlineData("abc {€}\n", SmsEncoding.Gsm7, null)]
    [InlineData("abc ç", SmsEncoding.Ucs2, "ç")]
    [InlineData("a 😀 ж", SmsEncoding.Ucs2, "😀")]
    public void The_first_character_that_makes_a_text_dear_is_named(string text, SmsEncoding encoding, string? foreign) =>
        Assert.Equal((encoding, foreign), (SmsAlphabet.EncodingOf(text), SmsAlphabet.FirstForeign(text)?.ToString()));

    [Theory]
    [InlineData("It’s “yours” – don’t share…\u00A0now", "It's \"yours\" - don't share... now")]
    [InlineData("Łukasz’s code", "Łukasz’s code")]
    [InlineData("It’s 😀", "It’s 😀")]
    [InlineData("plain", "plain")]
    public void Typography_gives_way_only_where_that_makes_the_text_cheap(string text, string sent) =>
        Assert.Equal(sent, SmsAlphabet.Simplify(text));
}
