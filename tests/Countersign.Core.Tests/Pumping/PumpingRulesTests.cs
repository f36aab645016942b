using Countersign.Core.Pumping;

namespace Countersign.Core.Tests.Pumping;

public sealed class PumpingRulesTests
{
    private static readonly DateTimeOffset _now = Sample.Now;

    public static TheoryData<string, int, int, int, int, long?> Conversions => new()
    {
        // asked and proven in the hour; asked and proven in the days before; what may be unproven, null where nothing is found
        { "too few texts", 19, 0, 0, 0, null },
        { "nothing comes back", 20, 0, 0, 0, 18 },
        { "the floor", 20, 2, 0, 0, null },
        { "below the floor", 20, 1, 0, 0, 18 },
        { "half of the past", 20, 8, 100, 80, null },
        { "less than half of the past", 20, 7, 100, 80, 12 },
        { "a past too short to know", 20, 7, 19, 19, null },
        { "a past that is as bad", 20, 2, 100, 10, null },
        { "a past below the floor", 20, 1, 100, 5, 18 },
        { "all comes back", 20, 20, 100, 100, null },
    };

    [Theory]
    [Trait("attack", "S04")]
    [Trait("attack", "F01")]
    [MemberData(nameof(Conversions))]
    public void Too_little_comes_back(string what, int asked, int proven, int pastAsked, int pastProven, long? max)
    {
        TrafficCell[] cells =
        [
            new(_now.AddMinutes(-30), TrafficItem.Flows, asked, proven), new(_now.AddDays(-3), TrafficItem.Flows, pastAsked, pastProven),
            new(_now.AddMinutes(-30), TrafficItem.Texts, 1000, 0),
        ];

        var found = PumpingRules.Conversion(PumpingRule.PrefixConversion, cells, min: 20, floor: 10, shareOfPast: 50, _now);

        Assert.True(found?.Max == max, what);
        Assert.True(max is null || found!.Count == asked - proven, what);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(-7, false)]
    [InlineData(-8, true)]
    [InlineData(-67, true)]
    [InlineData(-68, false)]
    [InlineData(-60 * 24 * 9, false)]
    public void What_may_yet_be_proven_and_what_is_long_ago_is_not_judged(int minutes, bool isFound)
    {
        TrafficCell[] cells = [new(_now.AddMinutes(minutes), TrafficItem.Flows, 50, 0)];

        var found = PumpingRules.Conversion(PumpingRule.PrefixConversion, cells, min: 20, floor: 10, shareOfPast: 50, _now);

        Assert.Equal(isFound, found is not null);
    }

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(5, -9, true)]
    [InlineData(5, -10, false)]
    public void Numbers_of_one_block_in_ten_minutes_are_a_sequence(int numbers, int minutes, bool isFound)
    {
        TrafficCell[] cells =
        [
            .. Enumerable.Range(1, numbers).Select(number => new TrafficCell(_now.AddMinutes(number == 1 ? minutes : 0), number, 3, 0)),
        ];

        var found = PumpingRules.Sequence(cells, tooMany: 5, _now);

        Assert.Equal(isFound ? new PumpingFinding(PumpingRule.Sequence, 5, 4, TimeSpan.FromMinutes(10)) : null, found);
    }

    [Fact]
    public void One_number_that_is_asked_for_often_is_no_sequence()
    {
        TrafficCell[] cells = [.. Enumerable.Range(0, 9).Select(minute => new TrafficCell(_now.AddMinutes(-minute), 1, 5, 0))];

        Assert.Null(PumpingRules.Sequence(cells, tooMany: 5, _now));
    }

    [Theory]
    [InlineData(10, 0, 0, false)]
    [InlineData(11, 0, 0, true)]
    [InlineData(11, 1, 0, false)]
    [InlineData(40, 30, 0, false)]
    [InlineData(11, 0, -60, false)]
    public void An_address_asks_for_many_prefixes_and_proves_none(int prefixes, int proven, int minutes, bool isFound)
    {
        TrafficCell[] cells =
        [
            .. Enumerable.Range(0, prefixes).Select(
                prefix => new TrafficCell(_now.AddMinutes(prefix == 0 ? minutes : 0), prefix, 1, prefix < proven ? 1 : 0)),
        ];

        var found = PumpingRules.Address(cells, max: 10, _now);

        Assert.Equal(isFound, found is not null);
    }

    [Theory]
    [Trait("attack", "F05")]
    [InlineData(49, 0, false)]
    [InlineData(50, 0, true)]
    [InlineData(299, 100, false)]
    [InlineData(300, 100, true)]
    public void A_country_grows(int today, int greatest, bool isFound)
    {
        TrafficCell[] cells =
        [
            new(_now.AddHours(-23), TrafficItem.Texts, today, 0),
            new(_now.AddHours(-25), TrafficItem.Texts, greatest / 2, 0), new(_now.AddDays(-5), TrafficItem.Texts, greatest, 0),
            // What is older, or counts something else, does not matter.
            new(_now.AddDays(-8).AddMinutes(-1), TrafficItem.Texts, 10_000, 0), new(_now, TrafficItem.Flows, 10_000, 0),
        ];

        var found = PumpingRules.Growth(cells, factor: 3, floor: 50, _now);

        Assert.Equal(isFound ? new PumpingFinding(PumpingRule.Growth, today + 1, today, TimeSpan.FromDays(1)) : null, found);
    }
}
