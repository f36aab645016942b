using System.Globalization;
using System.Text;
using Countersign.Core.Possession;
using CsCheck;

namespace Countersign.Core.Tests.Possession;

public sealed class TypedCodeTests
{
    [Theory]
    [InlineData("123456", "123456")]
    [InlineData("  123 456\r\n", "123456")]
    [InlineData("123-456", "123456")]
    [InlineData("12\u201034\u201256", "123456")]
    [InlineData("12\u201334\u201456", "123456")]
    [InlineData("12\u221234\uFE6356", "123456")]
    [InlineData("12\u30FC34\uFF7056", "123456")]
    [InlineData("12\u00A034\u202F56\u3000", "123456")]
    [InlineData("\uFEFF12\u200B34\u00AD56\u2060", "123456")]
    [InlineData("\u2066123\u2069\u200E456\u061C", "123456")]
    [InlineData("1\uFE0F2\uFE0F3456", "123456")]
    [InlineData("١٢٣٤٥٦", "123456")]
    [InlineData("۱۲۳۴۵۶", "123456")]
    [InlineData("१२३४५६", "123456")]
    [InlineData("๑๒๓๔๕๖", "123456")]
    [InlineData("１２３４５６", "123456")]
    [InlineData("𝟏𝟚𝟥𝟰𝟻𝟔", "123456")]
    [InlineData("१2٣-４ 𝟓۶", "123456")]
    [InlineData("", "")]
    [InlineData(" \u200D-", "")]
    [InlineData("1234.56", "1234.56")]
    [InlineData("12a456", "12a456")]
    [InlineData("①②③", "①②③")]
    [InlineData("²³", "²³")]
    [InlineData("五六", "五六")]
    [InlineData("1234\u0000", "1234\u0000")]
    public void What_people_type_is_read_as_digits_and_all_else_stays(string typed, string code) =>
        Assert.Equal(code, TypedCode.Read(typed));

    [Theory]
    [InlineData('\uD835')]
    [InlineData('\uDFCF')]
    public void Half_a_character_is_no_digit_and_does_not_vanish(char half) =>
        Assert.Equal("12\uFFFD34", TypedCode.Read($"12{half}34"));

    [Fact]
    public void Every_decimal_digit_of_Unicode_is_its_digit()
    {
        var digits = Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value))
            .Where(rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber).ToArray();

        Assert.True(digits.Length >= 600, "Unicode has over sixty sets of digits");
        Assert.All(digits, digit =>
            Assert.Equal(((int)Rune.GetNumericValue(digit)).ToString(CultureInfo.InvariantCulture), TypedCode.Read(digit.ToString())));
    }

    [Fact]
    public void Reading_twice_changes_nothing_more() =>
        Gen.String[0, 30].Sample(text => TypedCode.Read(TypedCode.Read(text)) == TypedCode.Read(text));
}
