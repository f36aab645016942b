using Countersign.Core.Money;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Money;

public sealed class CapAlertsTests
{
    private static readonly GatewayName _alpha = GatewayName.Parse("alpha");

    private readonly CapStage _caps = new();

    private readonly DateTimeOffset _now = Sample.Now;

    [Fact]
    public async Task Each_threshold_is_told_once()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.1m, PerMonth: null, "USD"));

        await CountAsync(12);

        Assert.Equal([(50, 0.05m), (80, 0.08m), (100, 0.1m)], _caps.Told.Select(told => (told.Percent, told.Spent)));
        Assert.All(_caps.Told, told => Assert.Equal(CapRule.OfServerInDay, told.Rule));
        Assert.Equal(2, _caps.Refused.Count);
    }

    [Fact]
    public async Task What_is_given_back_and_spent_again_is_not_told_again()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.1m, PerMonth: null, "USD"));
        await CountAsync(4);
        for (var i = 0; i < 3; i++)
        {
            var counted = (await _caps.Texts().TryCountAsync(Text(), _alpha, _now))!;
            await _caps.Texts().KeepAsync(counted);
            await _caps.Texts().GiveBackAsync(counted);
        }

        Assert.Equal([50], _caps.Told.Select(told => told.Percent));
    }

    [Fact]
    public async Task A_new_day_is_told_anew_and_the_month_goes_on()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.02m, PerMonth: 0.04m, "USD"));

        await CountAsync(2);
        await CountAsync(2, days: 1);
        await CountAsync(1, days: 1);

        Assert.Equal(
            [
                (CapRule.OfServerInDay, 50), (CapRule.OfServerInDay, 100), (CapRule.OfServerInMonth, 50), (CapRule.OfServerInDay, 50),
                (CapRule.OfServerInDay, 100), (CapRule.OfServerInMonth, 100),
            ],
            _caps.Told.Select(told => (told.Rule, told.Percent)).Where(told => told.Item2 != 80));
    }

    /// <summary>The last text does not fit: less than all was spent, and nothing more goes.</summary>
    [Fact]
    public async Task A_cap_that_no_text_fits_into_any_more_is_told_as_spent()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.015m, PerMonth: null, "USD"));

        await CountAsync(3);

        Assert.Equal([(50, 0.01m), (100, 0.01m)], _caps.Told.Select(told => (told.Percent, told.Spent)));
    }

    [Fact]
    public async Task A_gateway_without_a_price_is_not_told_as_money_spent()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.1m, PerMonth: null, "USD"));

        Assert.Null(await _caps.Texts().TryCountAsync(Text(), GatewayName.Parse("unpriced"), _now));
        Assert.Empty(_caps.Told);
        Assert.Equal(new CapUnpriced(GatewayName.Parse("unpriced")), Assert.Single(_caps.Refused));

        await CountAsync(10);
        Assert.Equal([50, 80, 100], _caps.Told.Select(told => told.Percent));
    }

    private async Task CountAsync(int texts, int days = 0)
    {
        for (var i = 0; i < texts; i++)
        {
            if (await _caps.Texts().TryCountAsync(Text(), _alpha, _now.AddDays(days)) is { } counted)
            {
                await _caps.Texts().KeepAsync(counted);
            }
        }
    }

    private OutgoingText Text() => new(
        Guid.CreateVersion7(_now), CorrelationId.New(_now), PhoneNumber.Parse("+12025550142"), TextKind.Notice, new Secret("Hello"),
        new Secret(""), _now, _now);
}
