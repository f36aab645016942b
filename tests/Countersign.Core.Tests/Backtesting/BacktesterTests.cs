using Countersign.Core.Backtesting;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Backtesting;

public sealed class BacktesterTests
{
    private static readonly LinePseudonym _line = LinePseudonym.New();

    private readonly MemoryHistory _history = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_texts_of_the_days_that_are_asked_for_are_tried()
    {
        // Five hundred are read at once.
        _history.Kept.AddRange(Enumerable.Range(0, 1100).Select(n => Over(Sample.Now.AddMinutes(-n), TextAt(Sample.Now.AddMinutes(-n)))));
        _history.Kept.Add(Over(Sample.Now.AddDays(-1), TextAt(Sample.Now.AddDays(-1))));
        _history.Kept.Add(Over(Sample.Now.AddDays(-1).AddTicks(-1), TextAt(Sample.Now)));
        var backtester = new Backtester(_history, new StillClock());

        var result = await backtester.RunAsync(1, new PumpingOptions(), new TextLimitOptions { PerHour = 60 }, Test);

        Assert.Equal((1101, 1), (result!.Texts, result.People));
        Assert.Equal(LimitRule.TextsOfProjectInHour, result.Rules[0].Rule);
    }

    [Fact]
    public void Each_text_of_an_outcome_is_told_oldest_first_with_what_all_its_attempts_cost()
    {
        var outcome = Over(
            Sample.Now, TextAt(Sample.Now.AddMinutes(1), 0.02m, 0.01m), TextAt(Sample.Now) with { Kind = TextKind.DeviceNotice },
            TextAt(Sample.Now, 0.015m)) with
        {
            Client = ClientId.Parse("shop-1"), Country = "US",
        };

        var who = new Guid(_line.ToBytes(), bigEndian: true);
        Assert.Equal(
            [
                new BacktestText(
                    outcome.Id, Sample.Now, IsFirst: true, who, "+1202555", "US", ProjectId.Parse("shop"), ClientId.Parse("shop-1"), null,
                    15_000),
                new BacktestText(
                    outcome.Id, Sample.Now.AddMinutes(1), IsFirst: false, who, "+1202555", "US", ProjectId.Parse("shop"),
                    ClientId.Parse("shop-1"), null, 30_000),
            ],
            BacktestText.Of(outcome));
    }

    [Theory]
    [InlineData(PossessionVerdict.Proven, true)]
    [InlineData(PossessionVerdict.NotAccepted, true)]
    [InlineData(PossessionVerdict.Failed, false)]
    public void Who_proved_the_phone_is_told_with_when_also_where_that_was_not_accepted(PossessionVerdict verdict, bool isProven)
    {
        var outcome = Over(Sample.Now, TextAt(Sample.Now)) with
        {
            Possession = verdict,
            Facts =
            [
                new FlowEvent(Sample.Now.AddSeconds(1), FlowEventCode.PossessionProven),
                new FlowEvent(Sample.Now.AddSeconds(9), FlowEventCode.PossessionProven),
                new FlowEvent(Sample.Now.AddSeconds(10), FlowEventCode.FlowCancelled),
            ],
        };

        Assert.Equal(isProven ? Sample.Now.AddSeconds(9) : null, Assert.Single(BacktestText.Of(outcome)).ProvenAt);
    }

    [Fact]
    public void An_outcome_that_has_no_line_stands_for_itself()
    {
        var outcome = Over(Sample.Now, TextAt(Sample.Now)) with { Line = null };

        Assert.Equal(new Guid(outcome.Id.ToBytes(), bigEndian: true), Assert.Single(BacktestText.Of(outcome)).Line);
    }

    private static OutcomeText TextAt(DateTimeOffset at, params decimal[] costs) => new(
        TextKind.Otp, at, TextState.Delivered, 1,
        [
            .. costs.Select(cost => new TextAttempt(
                GatewayName.Parse("main"), at, AwaitsHandover: false, AttemptState.Delivered, at,
                Cost: new AttemptCost(cost, ProjectId.Parse("shop"), IsOfServer: false))),
            new TextAttempt(GatewayName.Parse("free"), at, AwaitsHandover: false, AttemptState.Refused, at),
        ]);

    private static Outcome Over(DateTimeOffset begunAt, params OutcomeText[] texts) =>
        Outcome.Of(Sample.Flow(), [], "US", "USD") with
        {
            Id = CorrelationId.New(begunAt), BegunAt = begunAt, Line = _line, Texts = texts,
        };
}
