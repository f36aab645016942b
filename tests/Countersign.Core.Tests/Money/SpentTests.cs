using Countersign.Core.Money;

namespace Countersign.Core.Tests.Money;

public sealed class SpentTests
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly SpendingOwner _shop = SpendingOwner.Of(ProjectId.Parse("shop"));

    private static readonly Spent _spent = new(
        _shop, Month: 202611, Day: 20261129, OnDay: 1, InMonth: 3, ToldOfDay: 0.5m, ToldOfMonth: 2.5m);

    /// <summary>A day that has not come here is another node's, whose clock is ahead.</summary>
    [Theory]
    [InlineData(-1, "1", "0.5")]
    [InlineData(0, "1", "0.5")]
    [InlineData(1, "0", "0")]
    public void What_was_spent_on_a_day_counts_until_it_is_over(int days, string spent, string told)
    {
        var now = _noon.AddDays(days);

        Assert.Equal((Amount(spent), Amount(told)), (_spent.In(CapWindow.Day, now), _spent.ToldOf(CapWindow.Day, now)));
        Assert.Equal((3m, 2.5m), (_spent.In(CapWindow.Month, now), _spent.ToldOf(CapWindow.Month, now)));
    }

    [Theory]
    [InlineData(CapWindow.Day, "1", true)]
    [InlineData(CapWindow.Day, "1.01", false)]
    [InlineData(CapWindow.Month, "3", true)]
    [InlineData(CapWindow.Month, "3.01", false)]
    public void A_cap_is_reached_when_all_of_it_is_spent(CapWindow window, string cap, bool isReached) =>
        Assert.Equal(isReached, _spent.Reaches(window, Amount(cap), _noon));

    [Fact]
    public void A_cap_is_reached_when_a_text_has_found_no_room()
    {
        var told = _spent with { ToldOfDay = 5 };

        Assert.True(told.Reaches(CapWindow.Day, 5, _noon));
        Assert.False(told.Reaches(CapWindow.Day, 5, _noon.AddDays(1)));
    }

    [Fact]
    public void Nothing_is_spent_at_first() =>
        Assert.Equal(new Spent(_shop, 202611, 0, 0, 0), Spent.Nothing(_shop, _noon));

    [Fact]
    public void An_owner_is_stored_as_its_project_and_the_server_as_none()
    {
        Assert.Equal(("shop", ""), (_shop.Key, SpendingOwner.Server.Key));
        Assert.Equal((_shop, SpendingOwner.Server), (SpendingOwner.FromKey("shop"), SpendingOwner.FromKey("")));
        Assert.Equal(("project shop", "the server"), (_shop.ToString(), SpendingOwner.Server.ToString()));
    }

    [Theory]
    [InlineData("shop", CapWindow.Day, CapRule.OfProjectInDay, "day")]
    [InlineData("shop", CapWindow.Month, CapRule.OfProjectInMonth, "month")]
    [InlineData("", CapWindow.Day, CapRule.OfServerInDay, "day")]
    [InlineData("", CapWindow.Month, CapRule.OfServerInMonth, "month")]
    public void A_cap_that_is_reached_is_told_with_what_was_spent_and_until_when(string owner, CapWindow window, string rule, string word)
    {
        var reached = new CapReached(SpendingOwner.FromKey(owner), window, 0.99m, 0.02m, 1m, "EUR", _noon.AddHours(12));

        var fact = reached.ToFact(_noon);

        Assert.Equal(
            new FlowEvent(_noon, FlowEventCode.CapReached)
            {
                Cap = new CapEvidence(rule, 0.99m, 0.02m, 1m, "EUR", word, _noon.AddHours(12)),
            },
            fact);
        Assert.Equal((rule, _noon.AddHours(12)), (reached.Rule, reached.End));
        Assert.True(reached.IsToldBy(fact, _noon.AddHours(12).AddTicks(-1)));
        Assert.False(reached.IsToldBy(fact, _noon.AddHours(12)));
        Assert.False(reached.IsToldBy(fact with { Cap = fact.Cap! with { Rule = "cap.other" } }, _noon));
        Assert.False(reached.IsToldBy(new FlowEvent(_noon, FlowEventCode.CapReached), _noon));
    }

    [Fact]
    public void A_gateway_without_a_price_is_told_once_whenever_that_was()
    {
        var (reached, other) = (new CapUnpriced(GatewayName.Parse("alpha")), new CapUnpriced(GatewayName.Parse("beta")));

        var fact = reached.ToFact(_noon);

        Assert.Equal(new FlowEvent(_noon, FlowEventCode.CapUnpriced) { Gateway = GatewayName.Parse("alpha") }, fact);
        Assert.Equal((CapRule.Unpriced, (DateTimeOffset?)null), (reached.Rule, reached.End));
        Assert.True(reached.IsToldBy(fact, _noon.AddDays(9)));
        Assert.False(other.IsToldBy(fact, _noon));
        Assert.False(reached.IsToldBy(fact with { Code = FlowEventCode.TextResent }, _noon));
    }

    [Fact]
    public void Caps_are_not_judged_by_prices_that_could_not_be_read() => Assert.Null(
        (CapRules.None with { AreKnown = false }).ProblemOf(new Caps(-1, null, "")));

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
