using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;

namespace Countersign.Core.Tests.IdentityMatching;

public sealed class RiskPolicyTests
{
    private static readonly RiskPolicy _refusesSwaps = new() { SimSwap = RiskRule.Refuse };

    public static TheoryData<string, RiskPolicy, bool?, PossessionMethod, bool> Rows => new()
    {
        { "by default nothing is refused", RiskPolicy.Default, true, PossessionMethod.Otp, false },
        { "a swap refuses a code", _refusesSwaps, true, PossessionMethod.Otp, true },
        { "a swap refuses a link", _refusesSwaps, true, PossessionMethod.InstantLink, true },
        { "the network's own proof is accepted", _refusesSwaps, true, PossessionMethod.MobileAuth, false },
        { "a device's key is accepted", _refusesSwaps, true, PossessionMethod.DeviceKey, false },
        { "no swap, no refusal", _refusesSwaps, false, PossessionMethod.Otp, false },
        { "unknown never blocks", _refusesSwaps, null, PossessionMethod.Otp, false },
        { "unless the project wants it", _refusesSwaps with { RefusesUnknown = true }, null, PossessionMethod.Otp, true },
        { "of a signal that is only reported nothing is unknown", new RiskPolicy { RefusesUnknown = true }, null, PossessionMethod.Otp,
            false },
    };

    [Theory]
    [Trait("attack", "I05")]
    [MemberData(nameof(Rows))]
    public void A_possession_is_judged_by_the_table(
        string row, RiskPolicy policy, bool? wasSwapped, PossessionMethod method, bool isRefused)
    {
        var refusal = policy.Judge(new PhoneRisk(wasSwapped), method);

        Assert.True(isRefused == refusal is not null, row);
    }

    [Theory]
    [InlineData("device-key", true, false, true)]
    [InlineData("device-key", false, false, false)]
    [InlineData("device-key", null, false, false)]
    [InlineData("device-key", null, true, true)]
    [InlineData("otp", true, false, true)]
    [InlineData("mobile-auth", true, true, false)]
    public void What_rests_on_the_past_is_judged_by_the_number_having_changed_hands(
        string method, bool? wasRecycled, bool refusesUnknown, bool isRefused)
    {
        var policy = new RiskPolicy { Recycled = RiskRule.Refuse, RefusesUnknown = refusesUnknown };

        Assert.Equal(
            isRefused, policy.Judge(new PhoneRisk(false, false, wasRecycled, false, false), new PossessionMethod(method)) is not null);
        Assert.Null(RiskPolicy.Default.Judge(new PhoneRisk(false, false, wasRecycled, false, false), new PossessionMethod(method)));
    }

    [Theory]
    [InlineData(RiskSignal.SimSwap)]
    [InlineData(RiskSignal.SimSwapInWeek)]
    [InlineData(RiskSignal.VeryShortTenure)]
    [InlineData(RiskSignal.ShortTenure)]
    public void No_other_signal_is_a_matter_of_a_key(RiskSignal signal)
    {
        var policy = new RiskPolicy
        {
            SimSwap = RuleFor(RiskSignal.SimSwap), SimSwapInWeek = RuleFor(RiskSignal.SimSwapInWeek),
            VeryShortTenure = RuleFor(RiskSignal.VeryShortTenure), ShortTenure = RuleFor(RiskSignal.ShortTenure), RefusesUnknown = true,
        };

        Assert.Null(policy.Judge(new PhoneRisk(true, true, null, true, true), PossessionMethod.DeviceKey));
        Assert.NotNull(policy.Judge(new PhoneRisk(true, true, null, true, true), PossessionMethod.Otp));

        RiskRule RuleFor(RiskSignal one) => one == signal ? RiskRule.Refuse : RiskRule.Report;
    }

    [Fact]
    public void Every_signal_can_be_refused()
    {
        var all = new PhoneRisk(true, true, true, true, true);
        var policy = new RiskPolicy
        {
            SimSwap = RiskRule.Refuse, SimSwapInWeek = RiskRule.Refuse, Recycled = RiskRule.Refuse, VeryShortTenure = RiskRule.Refuse,
            ShortTenure = RiskRule.Refuse,
        };

        var refusal = policy.Judge(all, PossessionMethod.Otp);

        Assert.Equal(Enum.GetValues<RiskSignal>(), refusal!.Signals);
    }

    [Fact]
    public void What_happened_within_a_day_happened_within_the_week_and_is_told_once()
    {
        var swapped = new PhoneRisk(WasSimSwapped: true, IsVeryShortTenure: true);
        var wide = new RiskPolicy { SimSwapInWeek = RiskRule.Refuse, ShortTenure = RiskRule.Refuse };

        Assert.Equal([RiskSignal.SimSwapInWeek, RiskSignal.ShortTenure], wide.Judge(swapped, PossessionMethod.Otp)!.Signals);
        Assert.Equal(
            [RiskSignal.SimSwap, RiskSignal.VeryShortTenure],
            (wide with { SimSwap = RiskRule.Refuse, VeryShortTenure = RiskRule.Refuse, RefusesUnknown = true }).Judge(
                swapped, PossessionMethod.Otp)!.Signals);
        Assert.Null(wide.Judge(new PhoneRisk(WasSimSwapped: false, IsVeryShortTenure: false), PossessionMethod.Otp));
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    [InlineData(null, null, null)]
    [InlineData(false, false, false)]
    public void Of_two_sources_a_yes_counts_then_a_no(bool? one, bool? other, bool? both)
    {
        Assert.Equal(both, new PhoneRisk(one).And(new PhoneRisk(other)).WasSimSwapped);
        Assert.Equal(both, new PhoneRisk(other).And(new PhoneRisk(one)).WasSimSwapped);
    }
}
