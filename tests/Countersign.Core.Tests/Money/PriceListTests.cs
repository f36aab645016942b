using Countersign.Core.Money;

namespace Countersign.Core.Tests.Money;

public sealed class PriceListTests
{
    private const string Header = "gateway,country,price,currency\n";

    private static readonly GatewayName _alpha = GatewayName.Parse("alpha");

    [Fact]
    public void A_segment_costs_what_the_list_says_of_the_gateway_and_the_country()
    {
        var list = Read("\uFEFF" + Header + "# Ours\r\nalpha, US, 0.0075, EUR\r\n\nalpha,DE,0.08,EUR\nbeta,US,1,EUR\n")!;

        Assert.Equal(("EUR", 0.0075m, 0.08m), (list.Currency, list.PriceOf(_alpha, "US"), list.PriceOf(_alpha, "DE")));
        Assert.Equal(["alpha", "beta"], list.Gateways.Select(name => name.ToString()).Order());
    }

    [Theory, InlineData("FR"), InlineData(null)]
    public void Where_the_country_has_no_price_the_dearest_of_the_gateway_counts(string? country)
    {
        var list = Read(Header + "alpha,US,0.0075,EUR\nalpha,DE,0.08,EUR\nbeta,US,1,EUR\n")!;

        Assert.Equal(0.08m, list.PriceOf(_alpha, country));
    }

    [Fact]
    public void A_gateway_that_is_not_in_the_list_has_no_price() =>
        Assert.Null(Read(Header + "beta,US,1,EUR\n")!.PriceOf(_alpha, "US"));

    /// <summary>Prices that no binary fraction has.</summary>
    [Fact]
    public void Prices_are_exact()
    {
        var list = Read(Header + "alpha,US,0.1,EUR\nalpha,DE,0.000001,EUR\n")!;

        Assert.Equal(1m, Enumerable.Repeat(list.PriceOf(_alpha, "US")!.Value, 10).Sum());
        Assert.Equal(0.000001m, Amounts.FromMillionths(Amounts.ToMillionths(list.PriceOf(_alpha, "DE")!.Value)));
    }

    [Theory]
    [InlineData("", "it is empty; its first line must be gateway,country,price,currency")]
    [InlineData("gateway,country,price,currency", "it has no price")]
    [InlineData("alpha,US,1,EUR", "line 1, column 1 (gateway): the first line must be gateway,country,price,currency")]
    [InlineData(Header + "alpha,US,1", "line 2, column 3 (price): there must be four values: gateway,country,price,currency")]
    [InlineData(Header + "alpha,US,0,5,EUR", "line 2, column 4 (currency): there must be four values: gateway,country,price,currency")]
    [InlineData(Header + "Alpha,US,1,EUR", "line 2, column 1 (gateway): a gateway's name must be 1 to 64 of a-z, 0-9 and -")]
    [InlineData(Header + "alpha,XX,1,EUR",
        "line 2, column 2 (country): must be the two capital letters of a country (ISO 3166: US, GB, DE)")]
    [InlineData(Header + "alpha,US,-1,EUR",
        "line 2, column 3 (price): must be the price of a segment, with a point and at most six places (0.0075)")]
    [InlineData(Header + "alpha,US,1e3,EUR",
        "line 2, column 3 (price): must be the price of a segment, with a point and at most six places (0.0075)")]
    [InlineData(Header + "alpha,US,0.0000001,EUR",
        "line 2, column 3 (price): must be the price of a segment, with a point and at most six places (0.0075)")]
    [InlineData(Header + "alpha,US,1,eur",
        "line 2, column 4 (currency): must be the three capital letters of a currency (ISO 4217: USD, EUR)")]
    [InlineData(Header + "alpha,US,1,EUR\nalpha,DE,1,USD",
        "line 3, column 4 (currency): is USD, and line 2 has EUR: all prices must be in one currency")]
    [InlineData(Header + "alpha,US,1,EUR\nalpha,US,2,EUR", "line 3, column 2 (country): alpha has a price for US on line 2 already")]
    public void What_is_wrong_is_told_with_its_line_and_column(string text, string problem)
    {
        Assert.Null(PriceList.Read(text, IsCountry, out var problems));
        Assert.Equal([problem], problems);
    }

    [Theory]
    [InlineData("1000000000", true)]
    [InlineData("1000000000.000001", false)]
    [InlineData("0", true)]
    [InlineData(".5", true)]
    [InlineData("0,5", false)]
    [InlineData("+1", false)]
    [InlineData("", false)]
    public void A_price_is_an_amount_within_its_bounds(string price, bool isOne) =>
        Assert.Equal(isOne, PriceList.Read(Header + $"alpha,US,{price},EUR", IsCountry, out _) is not null);

    [Theory]
    [InlineData("Gateway,Country,Price,Currency\nalpha,US,1,EUR")]
    [InlineData(" gateway , country , price , currency \r\n alpha , US , 1 , EUR ")]
    [InlineData("# Prices of 2026\n\n   \n" + Header + "alpha,US,1,EUR")]
    public void How_a_list_is_laid_out_does_not_matter(string text) => Assert.Equal(1m, Read(text)!.PriceOf(_alpha, "US"));

    [Fact]
    public void What_is_wrong_does_not_hide_what_the_next_lines_say() => Assert.Equal(
        ["line 2, column 1 (gateway): a gateway's name must be 1 to 64 of a-z, 0-9 and -",
         "line 4, column 4 (currency): is USD, and line 3 has EUR: all prices must be in one currency",
         "line 5, column 2 (country): alpha has a price for US on line 3 already"],
        Problems(Header + "Alpha,US,1,USD\nalpha,US,1,EUR\nbeta,US,1,USD\nalpha,US,2,EUR"));

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        Assert.Null(PriceList.Read(Header + "Alpha,US,x,EUR\nbeta,US,1,EUR\nbeta,UK,1,EUR\n", IsCountry, out var problems));

        Assert.Equal(["line 2, column 1", "line 2, column 3", "line 4, column 2"], problems.Select(one => one.Split(" (")[0]));
    }

    private static PriceList? Read(string text)
    {
        var list = PriceList.Read(text, IsCountry, out var problems);
        Assert.Empty(problems);
        return list;
    }

    private static IReadOnlyList<string> Problems(string text)
    {
        Assert.Null(PriceList.Read(text, IsCountry, out var problems));
        return problems;
    }

    private static bool IsCountry(string text) => text is "US" or "DE" or "FR";
}
