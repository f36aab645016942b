using Countersign.Core.Money;

namespace Countersign.Core.Tests.Money;

public sealed class CapsTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");

    /// <summary>What was spent on the day and in the month, the cost, the caps, and the rule that is reached.</summary>
    [Theory]
    [InlineData("0", "0", "1", "1", "1", null)]
    [InlineData("0.99", "0.99", "0.01", "1", "5", null)]
    [InlineData("0.99", "0.99", "0.010001", "1", "5", CapRule.OfProjectInDay)]
    [InlineData("0.5", "4.995", "0.01", "1", "5", CapRule.OfProjectInMonth)]
    [InlineData("1", "5", "0.01", "1", "5", CapRule.OfProjectInMonth)]
    [InlineData("100", "100", "1", null, "101", null)]
    [InlineData("100", "100", "1", "101", null, null)]
    public void A_cost_must_fit_into_the_day_and_the_month(
        string onDay, string inMonth, string cost, string? perDay, string? perMonth, string? rule)
    {
        var caps = new Caps(Amount(perDay), Amount(perMonth), "EUR");
        var spent = Spent.Nothing(SpendingOwner.Of(_shop), Sample.Now) with
        {
            Day = CapWindows.DayOf(Sample.Now), OnDay = Amount(onDay)!.Value, InMonth = Amount(inMonth)!.Value,
        };

        Assert.Equal(rule, caps.Judge(spent, Amount(cost)!.Value, Sample.Now)?.Rule);
    }

    [Fact]
    public void What_was_spent_yesterday_counts_in_the_month_alone()
    {
        var caps = new Caps(PerDay: 1, PerMonth: 2, "EUR");
        var now = new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
        var spent = new Spent(SpendingOwner.Server, 202611, 20261128, OnDay: 1, InMonth: 1.5m);

        Assert.Equal(CapRule.OfServerInDay, caps.Judge(spent, 0.1m, now.AddTicks(-1))?.Rule);
        Assert.Null(caps.Judge(spent, 0.5m, now));
        Assert.Equal(CapRule.OfServerInMonth, caps.Judge(spent, 0.6m, now)?.Rule);
    }

    [Theory]
    [InlineData("2026-11-29T23:59:59+00:00", "2026-11-30", "2026-12-01")]
    // The windows are those of UTC, wherever the clock stands.
    [InlineData("2026-12-01T00:30:00+01:00", "2026-12-01", "2026-12-01")]
    [InlineData("2026-12-31T00:00:00+00:00", "2027-01-01", "2027-01-01")]
    [InlineData("2028-02-28T12:00:00+00:00", "2028-02-29", "2028-03-01")]
    public void A_window_ends_with_its_day_or_month_in_UTC(string at, string endOfDay, string endOfMonth)
    {
        var now = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(
            (endOfDay, endOfMonth), (Text(CapWindows.EndOf(CapWindow.Day, now)), Text(CapWindows.EndOf(CapWindow.Month, now))));

        static string Text(DateTimeOffset end) => end.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(null, null, "USD", "must have an amount a day or a month, or both")]
    [InlineData("0", null, "USD", "must be more than 0 and at most 1000000000, with at most six places")]
    [InlineData(null, "0.0000001", "USD", "must be more than 0 and at most 1000000000, with at most six places")]
    [InlineData(null, "1000000001", "USD", "must be more than 0 and at most 1000000000, with at most six places")]
    [InlineData("2", "1", "USD", "must not have more a day than a month")]
    [InlineData("1", "2", "EUR", "must be in the currency of the prices of Countersign:Prices, USD")]
    [InlineData("1", "2", "", "must be in the currency of the prices of Countersign:Prices, USD")]
    [InlineData("1", "1", "USD", null)]
    public void Caps_are_held_to_the_prices(string? perDay, string? perMonth, string currency, string? problem)
    {
        var caps = new Caps(Amount(perDay), Amount(perMonth), currency);

        Assert.Equal(problem, new CapRules(Fakes.CapStage.List).ProblemOf(caps));
        Assert.Equal("need prices: name a price list in Countersign:Prices", CapRules.None.ProblemOf(caps));
    }

    [Fact]
    public void A_gateway_without_a_price_is_told_where_there_are_caps_and_a_price_of_no_gateway_always()
    {
        var rules = new CapRules(Fakes.CapStage.List);

        Assert.Empty(rules.ProblemsWith(["alpha", "beta"], mustHaveAll: true));
        Assert.Empty(rules.ProblemsWith(["alpha", "beta", "gamma"], mustHaveAll: false));
        Assert.Equal(
            ["Countersign:Prices has prices of beta, which is not configured. Known gateways: alpha, gamma.",
             "Countersign:Prices has no price of the gateway gamma, so that no cap could be kept. Add one for at least one country."],
            rules.ProblemsWith(["alpha", "gamma"], mustHaveAll: true));
    }

    [Fact]
    public void Caps_are_refused_while_a_gateway_that_stands_has_no_price()
    {
        var caps = new Caps(1, null, "USD");
        var rules = new CapRules(Fakes.CapStage.List);

        Assert.Null((rules with { Gateways = ["alpha", "beta"] }).ProblemOf(caps));
        Assert.Equal(
            "need a price of each gateway: Countersign:Prices has none of gamma, and texts by it could not be sent",
            (rules with { Gateways = ["alpha", "gamma"] }).ProblemOf(caps));
    }

    [Fact]
    public void The_names_of_caps_are_for_ever() =>
        Assert.Equal(["cap.project.day", "cap.project.month", "cap.server.day", "cap.server.month", "cap.unpriced"], CapRule.All);

    private static decimal? Amount(string? text) =>
        text is null ? null : decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
