using System.Globalization;
using Countersign.Core.Money;

namespace Countersign.Core.Tests.Money;

public sealed class AmountsTests
{
    [Theory]
    [InlineData("0.000001", true)]
    [InlineData("0.0000010", true)]
    [InlineData("0.0000001", false)]
    [InlineData("1.2345678", false)]
    [InlineData("1000000000", true)]
    public void An_amount_has_six_places_at_most(string amount, bool isExact) => Assert.Equal(isExact, Amounts.IsExact(Read(amount)));

    [Theory]
    [InlineData("USD", true)]
    [InlineData("AZA", true)]
    [InlineData("US", false)]
    [InlineData("USDT", false)]
    [InlineData("usd", false)]
    [InlineData("US1", false)]
    [InlineData("U D", false)]
    [InlineData("ÜSD", false)]
    [InlineData("@AZ", false)]
    [InlineData("AZ[", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_currency_is_three_capital_letters(string? text, bool isCurrency) => Assert.Equal(isCurrency, Amounts.IsCurrency(text));

    [Theory]
    [InlineData("0", 0, "0.00")]
    [InlineData("1", 1_000_000, "1.00")]
    [InlineData("0.0075", 7_500, "0.0075")]
    [InlineData("1234.5", 1_234_500_000, "1234.50")]
    [InlineData("0.000001", 1, "0.000001")]
    public void An_amount_is_kept_in_millionths_and_told_with_two_places_at_least(string amount, long millionths, string words)
    {
        Assert.Equal(millionths, Amounts.ToMillionths(Read(amount)));
        Assert.Equal(Read(amount), Amounts.FromMillionths(millionths));
        Assert.Equal(words, Amounts.InWords(Read(amount)));
    }

    private static decimal Read(string amount) => decimal.Parse(amount, CultureInfo.InvariantCulture);
}
