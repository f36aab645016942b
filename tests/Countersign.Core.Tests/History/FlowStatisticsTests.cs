using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.History;

public sealed class FlowStatisticsTests
{
    private static readonly DateTimeOffset _ended = new(2026, 11, 22, 10, 42, 7, TimeSpan.FromHours(2));
    private static readonly DateTimeOffset _day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_outcome_counts_once_for_each_thing_it_has()
    {
        var counts = OutcomeCount.Of(Of(("main", AttemptState.Refused, 0m), ("other", AttemptState.Delivered, 0.015m)));

        Assert.Equal(
            [
                "Hour 2026-11-22T08:00Z", "Country US", "Prefix +1202555", "Method otp", $"End {FlowEnd.Matched}", "Gateway other",
            ],
            counts.Select(count => $"{count.By} {count.Value}"));
        Assert.All(counts, count => Assert.Equal(
            (1L, 1L, 1L, 1L, 1L, 2L, 15_000L),
            (count.Ended, count.Proven, count.Succeeded, count.Texts, count.Delivered, count.Segments, count.Cost)));
        Assert.Equal(_day.AddHours(8), counts[0].Since);
        Assert.All(counts.Skip(1), count => Assert.Equal(_day, count.Since));
    }

    [Fact]
    public void Of_two_gateways_each_has_its_own_texts()
    {
        var counts = OutcomeCount.Of(Of(("main", AttemptState.Accepted, 0.01m), ("other", AttemptState.Delivered, 0.02m)));

        Assert.Equal(
            ["main 1 0 10000", "other 1 1 20000"],
            counts.Where(count => count.By == CountedBy.Gateway)
                .Select(count => $"{count.Value} {count.Texts} {count.Delivered} {count.Cost}"));
        Assert.Equal((2L, 30_000L), (counts[1].Texts, counts[1].Cost));
    }

    [Fact]
    public void What_a_flow_does_not_have_is_counted_as_none()
    {
        var counts = OutcomeCount.Of(Of() with { Country = null, Method = null, Texts = [] });

        Assert.Equal(
            [CountedBy.Country, CountedBy.Method, CountedBy.Gateway],
            counts.Where(count => count.Value == OutcomeCount.None).Select(count => count.By));
        Assert.Equal(Enum.GetValues<CountedBy>().Length, counts.Count);
        Assert.All(counts, count => Assert.Equal((1L, 0L), (count.Ended, count.Texts)));
    }

    [Theory]
    [InlineData(FlowEnd.Answered)]
    [InlineData(FlowEnd.RefusedLimit)]
    [InlineData(FlowEnd.RefusedNumber)]
    public void What_has_no_flow_is_counted_by_its_end_alone(string end) =>
        Assert.Equal(CountedBy.End, Assert.Single(OutcomeCount.Of(Of() with { End = end })).By);

    [Fact]
    public async Task Who_may_not_see_few_is_told_how_many_values_are_hidden()
    {
        var store = new Counted(("US", 100, 0b11111), ("DE", 90, 0b1111), ("FR", 1, 1));

        var all = await ReadAsync(store, hidesFew: false);
        var told = await ReadAsync(store, hidesFew: true);

        Assert.Equal(["US", "DE", "FR"], all.Counts.Select(count => count.Value));
        Assert.Equal(0, all.Hidden);
        Assert.Equal(["US"], told.Counts.Select(count => count.Value));
        Assert.Equal(2, told.Hidden);
    }

    [Fact]
    public async Task Projects_are_added_up()
    {
        var store = new Counted(("US", 3, 0b0111), ("DE", 4, 1));

        var sums = await ReadAsync(store, hidesFew: true, projects: [Sample.Flow().ProjectId, ProjectId.Parse("bank")]);

        Assert.Equal(2, sums.Hidden);
        var whole = await ReadAsync(store, hidesFew: false, projects: [Sample.Flow().ProjectId, ProjectId.Parse("bank")]);
        Assert.Equal(["DE 8", "US 6"], whole.Counts.Select(count => $"{count.Value} {count.Ended}"));
        Assert.Empty((await ReadAsync(store, hidesFew: false, projects: [])).Counts);
    }

    [Theory]
    [InlineData(CountedBy.Hour, "10:42:07", "11:00:00", "10:00:00 11:00:00")]
    [InlineData(CountedBy.Hour, "10:00:00", "10:00:01", "10:00:00 11:00:00")]
    [InlineData(CountedBy.Country, "10:42:07", "11:00:00", "00:00:00 1.00:00:00")]
    public void What_is_asked_for_is_counted_in_whole_spans(CountedBy by, string from, string to, string expected)
    {
        var (begin, end) = new StatisticsQuery(by, _day + TimeSpan.Parse(from, null), _day + TimeSpan.Parse(to, null), 10).Spans;

        Assert.Equal(expected, $"{begin - _day} {end - _day}");
    }

    private static Task<CountedFlows> ReadAsync(IStatisticsStore store, bool hidesFew, IReadOnlyCollection<ProjectId>? projects = null) =>
        new FlowStatistics(store, new ServerCaps(null, null)).ReadAsync(
            new StatisticsQuery(CountedBy.Country, _day, _day.AddDays(1), 10), projects, hidesFew, TestContext.Current.CancellationToken);

    private static Outcome Of(params (string Gateway, AttemptState State, decimal Cost)[] attempts) =>
        Outcome.Of(Sample.Flow(), [], "US", "USD") with
        {
            End = FlowEnd.Matched,
            EndedAt = _ended,
            Method = "otp",
            Possession = PossessionVerdict.Proven,
            Line = LinePseudonym.New(),
            Texts =
            [
                new OutcomeText(
                    TextKind.Otp, _ended, TextState.Sent, 2,
                    [
                        .. attempts.Select(one => new TextAttempt(
                            GatewayName.Parse(one.Gateway), _ended, AwaitsHandover: false, one.State, _ended,
                            Cost: new AttemptCost(one.Cost, null, IsOfServer: true))),
                    ]),
            ],
        };

    private sealed class Counted(params (string Value, long Ended, long People)[] counts) : IStatisticsStore
    {
        public Task<IReadOnlyList<OutcomeCount>> ReadAsync(
            CountedBy by, ProjectId? project, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<OutcomeCount>>(
                [.. counts.Select(one => new OutcomeCount(by, one.Value, from, one.Ended, 0, 0, 0, 0, 0, 0, one.People))]);

        public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
