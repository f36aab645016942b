using Countersign.Core.History;

namespace Countersign.Core.Tests.History;

public sealed class OutcomeCountTests
{
    private static readonly DateTimeOffset _day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    private static readonly OutcomeCount _one = new(
        CountedBy.Country, "US", _day, Ended: 1, Proven: 2, Succeeded: 3, Texts: 4, Delivered: 5, Segments: 6, Cost: 7, People: 0b011);

    [Fact]
    public void Of_two_all_is_added_up_from_the_earlier_on()
    {
        var other = new OutcomeCount(CountedBy.Country, "US", _day.AddDays(-1), 10, 20, 30, 40, 50, 60, 70, People: 0b110);
        var sum = new OutcomeCount(CountedBy.Country, "US", _day.AddDays(-1), 11, 22, 33, 44, 55, 66, 77, People: 0b111);

        Assert.Equal(sum, _one.Plus(other));
        Assert.Equal(sum, other.Plus(_one));
    }

    [Fact]
    public void The_greatest_comes_first_and_hours_in_their_order()
    {
        OutcomeCount[] counts =
        [
            _one with { Value = "B", Ended = 2, Since = _day.AddHours(1) }, _one with { Value = "A", Ended = 2, Since = _day.AddHours(2) },
            _one with { Value = "C", Ended = 1, Since = _day }, _one with { Value = "C", Ended = 2, Since = _day },
        ];

        Assert.Equal(["C 3", "A 2", "B 2"], OutcomeCount.SumsOf(CountedBy.Country, counts).Select(sum => $"{sum.Value} {sum.Ended}"));
        Assert.Equal(["C 3", "B 2", "A 2"], OutcomeCount.SumsOf(CountedBy.Hour, counts).Select(sum => $"{sum.Value} {sum.Ended}"));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0b1111, true)]
    [InlineData(0b11111, false)]
    [InlineData(-1, false)]
    public void What_is_about_fewer_than_five_people_is_of_few(long people, bool isOfFew) =>
        Assert.Equal(isOfFew, (_one with { People = people }).IsOfFew);

    [Fact]
    public void Each_line_has_one_bit_and_many_lines_have_all_but_the_sign()
    {
        var all = 0L;
        for (var first = 0; first < 256; first++)
        {
            var people = OutcomeCount.Of(Outcome.Of(Sample.Flow(), [], "US", null) with
            {
                Line = LinePseudonym.FromBytes([(byte)first, .. new byte[15]]),
            })[0].People;
            Assert.Equal(1, System.Numerics.BitOperations.PopCount((ulong)people));
            all |= people;
        }

        Assert.Equal(long.MaxValue, all);
        Assert.Equal(0, OutcomeCount.Of(Outcome.Of(Sample.Flow(), [], "US", null))[0].People);
    }

    [Fact]
    public void A_pseudonym_is_sixteen_bytes_of_chance()
    {
        var line = LinePseudonym.New();

        Assert.Equal(line, LinePseudonym.FromBytes(line.ToBytes()));
        Assert.Equal((16, line.Hex), (line.ToBytes().Length, line.ToString()));
        Assert.Matches("^[0-9a-f]{32}$", line.Hex);
        Assert.NotEqual(line, LinePseudonym.New());
        Assert.Throws<FormatException>(() => LinePseudonym.FromBytes(new byte[15]));
        Assert.Throws<FormatException>(() => LinePseudonym.FromBytes(new byte[17]));
    }

    [Fact]
    public void Only_where_nothing_came_of_it_a_flow_has_run_out() => Assert.Equal(
        [
            "ran-out.ready", "ran-out.challenged", "ran-out.matching", "ran-out.proven", "ran-out.awaiting-challenge",
            "ran-out.challenging", "ran-out.awaiting-complete", "ran-out.completing", "ran-out.awaiting-own-check", "ran-out.binding",
        ],
        FlowEnd.All.Where(FlowEnd.IsRanOut));
}
