using System.Globalization;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Pumping;

/// <summary>What a rule holds and for how long, and what is read of it.</summary>
public sealed class PumpingWordsTests
{
    private static readonly PumpingKeys _keys = new(new SecretHasher(new byte[32]), new TenDigits());

    [Theory]
    [InlineData(PumpingRule.PrefixConversion, AbuseTarget.Prefix, 6)]
    [InlineData(PumpingRule.CountryConversion, AbuseTarget.Country, 1)]
    [InlineData(PumpingRule.Sequence, AbuseTarget.Prefix, 1)]
    [InlineData(PumpingRule.Address, AbuseTarget.Address, 1)]
    [InlineData(PumpingRule.Growth, AbuseTarget.Country, 1)]
    public void A_rule_holds_its_target_for_its_hours(string rule, AbuseTarget target, int hours)
    {
        Assert.Equal(target, PumpingRules.TargetOf(rule));
        Assert.Equal(TimeSpan.FromHours(hours), PumpingRules.HoldOf(rule));
    }

    [Fact]
    public void In_Live_rules_only_look_and_an_administrators_word_counts()
    {
        var live = PumpingOptions.InLive;

        Assert.All(
            PumpingRule.All, rule => Assert.Equal(rule == PumpingRule.Denied ? LimitMode.Enforce : LimitMode.Shadow, live.ModeOf(rule)));
        Assert.Equal(6, PumpingRule.All.Count);
        Assert.Equal(LimitMode.Off, live.ModeOf("pumping.moon"));
        Assert.Equal((false, true), (live.IsOff, new PumpingOptions().IsOff));
    }

    [Fact]
    public void A_hold_tells_what_was_counted_and_a_denial_its_duration()
    {
        var key = _keys.Abuse(AbuseTarget.Country, "US");
        var finding = new PumpingFinding(PumpingRule.Growth, 51, 50, TimeSpan.FromDays(1));
        var held = new AbuseEntry(
            key, AbuseVerdict.Held, "US", finding, LimitMode.Enforce, null, Sample.Now, Sample.Now.AddHours(1));
        var denied = held with { Verdict = AbuseVerdict.Denied, Finding = null };

        Assert.Equal(new LimitReached(PumpingRule.Growth, 51, 50, TimeSpan.FromDays(1), Sample.Now.AddHours(1)), held.Reached);
        Assert.Equal(new LimitReached(PumpingRule.Denied, 1, 0, TimeSpan.FromHours(1), Sample.Now.AddHours(1)), denied.Reached);
        Assert.Equal((PumpingRule.Growth, PumpingRule.Denied), (held.Rule, denied.Rule));
    }

    [Fact]
    public void Of_what_an_administrator_said_of_one_target_the_last_counts_and_a_denial_of_the_same_moment()
    {
        AbuseKey number = _keys.Abuse(AbuseTarget.Number, "+12025550142"), country = _keys.Abuse(AbuseTarget.Country, "US");
        AbuseEntry Said(AbuseKey key, AbuseVerdict verdict, int minute) => new(
            key, verdict, "", null, LimitMode.Off, "ops", Sample.Now.AddMinutes(minute), Sample.Now.AddDays(1));
        var (denied, allowed, later) = (
            Said(number, AbuseVerdict.Denied, 0), Said(number, AbuseVerdict.Allowed, 0), Said(number, AbuseVerdict.Allowed, 1));
        var wide = Said(country, AbuseVerdict.Denied, 2);
        var held = Said(number, AbuseVerdict.Held, 3);

        Assert.Same(denied, AbuseEntries.Word([allowed, denied, wide, held], [number, country]));
        Assert.Same(later, AbuseEntries.Word([denied, later, wide], [number, country]));
        Assert.Same(wide, AbuseEntries.Word([wide, held], [number, country]));
        Assert.Null(AbuseEntries.Word([held], [number, country]));
    }

    [Fact]
    public void Of_two_holds_of_one_rule_the_one_that_lasts_longest_counts()
    {
        AbuseKey prefix = _keys.Abuse(AbuseTarget.Prefix, "+1202555"), address = _keys.Abuse(AbuseTarget.Address, "203.0.113.9");
        AbuseEntry Held(AbuseKey key, string rule, int hours) => new(
            key, AbuseVerdict.Held, "", new PumpingFinding(rule, 2, 1, TimeSpan.FromHours(1)), LimitMode.Enforce, null, Sample.Now,
            Sample.Now.AddHours(hours));
        var (one, longer, other) = (
            Held(prefix, PumpingRule.Sequence, 1), Held(prefix, PumpingRule.Sequence, 2), Held(address, PumpingRule.Address, 1));

        Assert.Equal([longer, other], AbuseEntries.Holds([one, longer, other], [prefix, address]));
    }

    [Theory]
    [InlineData(TrafficKind.Block, "2026-11-22T10:07:00Z", 11)]
    [InlineData(TrafficKind.Address, "2026-11-22T10:05:00Z", 65)]
    [InlineData(TrafficKind.Prefix, "2026-11-22T10:05:00Z", (8 * 24 * 60) + 60)]
    [InlineData(TrafficKind.Country, "2026-11-22T10:05:00Z", (8 * 24 * 60) + 60)]
    public void A_moment_is_counted_in_its_minutes_and_as_long_as_a_rule_looks_back(TrafficKind kind, string cell, int minutes)
    {
        var key = _keys.Traffic(kind, "whose");

        Assert.Equal(DateTimeOffset.Parse(cell, CultureInfo.InvariantCulture), key.CellOf(Sample.Now.AddMinutes(7).AddSeconds(59)));
        Assert.Equal(TimeSpan.FromMinutes(minutes), key.KeptFor);
    }

    [Fact]
    public void The_narrowest_target_is_first_and_each_is_read_masked()
    {
        var targets = _keys.TargetsOf(PhoneNumber.Parse("+12025550142"), "US", new BrowserNetwork("203.0.113.9", IsOfOne: true));

        Assert.Equal(
            ["+1202555****", "203.0.113.*", "+120255****", "+12025****", "+1202****", "+120****", "US"],
            targets.Skip(1).Select(target => target.Label));
        Assert.Equal(_keys.Abuse(AbuseTarget.Number, "+12025550142"), targets[0].Key);
        Assert.Equal(PhoneNumber.Parse("+12025550142").ToString(), targets[0].Label);
        Assert.Equal("+1202*", PumpingKeys.LabelOfBeginning("+1202"));
        Assert.Equal(_keys.Block(PhoneNumber.Parse("+12025550999")), _keys.Block(PhoneNumber.Parse("+12025550000")));
        Assert.NotEqual(_keys.Block(PhoneNumber.Parse("+12025551000")), _keys.Block(PhoneNumber.Parse("+12025550000")));
    }

    [Fact]
    public void Kinds_targets_and_items_are_told_apart()
    {
        Assert.Equal(4, Enum.GetValues<TrafficKind>().Select(kind => _keys.Traffic(kind, "x").Hash).Distinct().Count());
        Assert.NotEqual(_keys.Abuse(AbuseTarget.Prefix, "x").Hash, _keys.Abuse(AbuseTarget.Country, "x").Hash);
        Assert.NotEqual(_keys.TagOf("x"), _keys.TagOf("y"));
    }
}
