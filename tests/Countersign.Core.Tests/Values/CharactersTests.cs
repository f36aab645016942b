using System.Text;

namespace Countersign.Core.Tests.Values;

public sealed class CharactersTests
{
    [Theory]
    [InlineData("Jose\u0301", "José")]
    [InlineData("A\ufffeda", "Ada")]
    [InlineData("\ufffe", "")]
    [InlineData("", "")]
    public void A_text_is_normalised_without_what_is_no_character(string text, string expected) =>
        Assert.Equal(expected, Characters.Normalize(text, NormalizationForm.FormC));

    [Theory]
    [InlineData("A\ud800da")]
    [InlineData("\udc00")]
    public void A_broken_text_is_normalised_too(string text) =>
        Assert.Contains('\ufffd', Characters.Normalize(text, NormalizationForm.FormD));

    [Theory]
    // A format character of each plane, and each edge of what programs may leave out.
    [InlineData(0x00AD, true)]
    [InlineData(0x034F, true)]
    [InlineData(0x034E, false)]
    [InlineData(0x115E, false)]
    [InlineData(0x115F, true)]
    [InlineData(0x1160, true)]
    [InlineData(0x1161, false)]
    [InlineData(0x17B3, false)]
    [InlineData(0x17B4, true)]
    [InlineData(0x17B5, true)]
    [InlineData(0x17B6, false)]
    [InlineData(0x180A, false)]
    [InlineData(0x180B, true)]
    [InlineData(0x180F, true)]
    [InlineData(0x1810, false)]
    [InlineData(0x200D, true)]
    [InlineData(0x205F, false)]
    [InlineData(0x2060, true)]
    [InlineData(0x2065, true)]
    [InlineData(0x206F, true)]
    [InlineData(0x2070, false)]
    [InlineData(0x3163, false)]
    [InlineData(0x3164, true)]
    [InlineData(0x3165, false)]
    [InlineData(0xFDFF, false)]
    [InlineData(0xFE00, true)]
    [InlineData(0xFE0F, true)]
    [InlineData(0xFE10, false)]
    [InlineData(0xFEFF, true)]
    [InlineData(0xFF9F, false)]
    [InlineData(0xFFA0, true)]
    [InlineData(0xFFA1, false)]
    [InlineData(0xFFEF, false)]
    [InlineData(0xFFF0, true)]
    [InlineData(0xFFF8, true)]
    [InlineData(0xFFFC, false)]
    [InlineData(0xDFFFF, false)]
    [InlineData(0xE0000, true)]
    [InlineData(0xE0FFF, true)]
    [InlineData(0xE1000, false)]
    [InlineData('a', false)]
    [InlineData(' ', false)]
    public void What_programs_may_leave_out_is_invisible(int rune, bool isInvisible) =>
        Assert.Equal(isInvisible, Characters.IsInvisible(new Rune(rune)));

    [Theory]
    [InlineData("-\u2010\u2011\u2012\u2013\u2014\u2015\u02d7\u2043\u2053\u207b\u208b\u2212\u30fc\uff0d\uff70", true)]
    [InlineData("_~+=.\u00b7\u02d6\u02d8\u207a\u208a\u2213\u30fb\uff71a0 ", false)]
    public void A_dash_of_any_kind_is_one(string all, bool isDash) =>
        Assert.All(all.EnumerateRunes(), rune => Assert.Equal(isDash, Characters.IsDash(rune)));

    [Theory]
    [InlineData("0123456789", "0123456789")]
    [InlineData("\u0660\u0661\u0669", "019")]
    [InlineData("\uff15", "5")]
    [InlineData("\U0001D7D8\U0001D7E1", "09")]
    // A number that is no decimal digit, and letters.
    [InlineData("\u00bd\u2460\u4e09aO-", "------")]
    public void A_decimal_digit_of_any_script_is_one_of_ours(string all, string digits) =>
        Assert.Equal(digits, string.Concat(all.EnumerateRunes().Select(rune => Characters.DigitOf(rune) ?? '-')));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a\u200db\ufeff", "ab")]
    [InlineData("\uff33\uff34\uff2f\uff30", "STOP")]
    [InlineData("\ufb01n\u0663", "fin3")]
    [InlineData("Jose\u0301", "Jos\u00e9")]
    [InlineData("\U0001D400\U0001F600", "A\U0001F600")]
    [InlineData("a\ufffeb", "ab")]
    [InlineData("", "")]
    public void A_text_is_folded_into_what_the_eye_sees(string text, string expected) => Assert.Equal(expected, Characters.Fold(text));

    [Fact]
    public void Half_a_character_is_seen_as_something_that_cannot_be_read() =>
        Assert.Equal("a\ufffdb", Characters.Fold(string.Concat("a", '\ud800'.ToString(), "b")));
}
