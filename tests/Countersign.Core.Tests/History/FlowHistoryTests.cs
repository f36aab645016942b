using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.History;

public sealed class FlowHistoryTests
{
    private static readonly DateTimeOffset _over = Sample.Now.AddMinutes(15);
    private static readonly CancellationToken _token = TestContext.Current.CancellationToken;

    private readonly HistoryStage _stage = new();

    private FlowHistory History => _stage.History;

    [Fact]
    public async Task An_outcome_takes_the_place_of_a_flow_whose_life_is_over_and_of_no_other()
    {
        var over = _stage.Add(Sample.Challenged(PossessionMethod.Otp));
        _stage.AddText(over);
        var alive = _stage.Add(Sample.Flow() with { ExpiresAt = _over.AddSeconds(1) });

        Assert.Equal(1, await History.KeepAsync(_over, _token));

        var outcome = Assert.Single(_stage.Kept);
        Assert.Equal(
            (over.Id, FlowEnd.Expired, "US", "USD", _stage.LineOf("+12025550142"), 1),
            (outcome.Id, outcome.End, outcome.Country, outcome.Currency, outcome.Line!.Value, outcome.Texts.Count));
        Assert.Equal(alive.Id, Assert.Single(_stage.Flows.Flows.Kept).Key);
        Assert.Equal(
            [AnnouncementType.PossessionFailed, AnnouncementType.FlowFinished], _stage.News.Select(news => news.Type));
    }

    [Fact]
    public async Task However_many_are_over_all_of_them_go()
    {
        for (var i = 0; i < 150; i++)
        {
            _stage.Add(Sample.Flow());
        }

        Assert.Equal(150, await History.KeepAsync(_over, _token));

        Assert.Equal(150, _stage.Kept.Count);
        Assert.Empty(_stage.Flows.Flows.Kept);
    }

    [Fact]
    public async Task A_flow_that_somebody_is_at_waits_until_they_are_taken_for_dead()
    {
        _stage.Add(Sample.Flow() with { Tail = new VerifiedUserState.Matching(_over.AddSeconds(10)) });

        Assert.Equal(0, await History.KeepAsync(_over.AddSeconds(10).AddTicks(-1), _token));
        Assert.Equal(1, await History.KeepAsync(_over.AddSeconds(10), _token));
    }

    [Fact]
    public async Task Where_no_history_is_kept_flows_go_without_a_trace()
    {
        _stage.Options.Mode = HistoryMode.Off;
        _stage.PseudonymsFail = new IOException("Nobody needs them.");
        var over = _stage.Add(Sample.Flow());

        Assert.Null(await History.FindAsync(over.Id, _over, _token));
        await History.PrepareAsync(_over, _token);
        Assert.Equal(1, await History.KeepAsync(_over, _token));

        Assert.Empty(_stage.Kept);
        Assert.Empty(_stage.Asked);
        Assert.Equal(AnnouncementType.FlowFinished, Assert.Single(_stage.News).Type);
    }

    [Fact]
    public async Task Flows_wait_an_hour_for_pseudonyms_that_are_away_and_then_go_without_them()
    {
        _stage.PseudonymsFail = new IOException("The database is away.");
        _stage.Add(Sample.Flow());
        var last = _stage.Add(Sample.Flow() with { ExpiresAt = _over.AddMinutes(1) });

        await Assert.ThrowsAsync<IOException>(() => History.KeepAsync(last.ExpiresAt + FlowHistory.Patience, _token));
        Assert.Empty(_stage.Kept);

        Assert.Equal(2, await History.KeepAsync((last.ExpiresAt + FlowHistory.Patience).AddTicks(1), _token));
        Assert.All(_stage.Kept, outcome => Assert.Null(outcome.Line));
    }

    [Fact]
    public async Task A_server_that_stops_keeps_nothing_without_pseudonyms()
    {
        _stage.PseudonymsFail = new OperationCanceledException();
        _stage.Add(Sample.Flow());

        await Assert.ThrowsAsync<OperationCanceledException>(() => History.KeepAsync(_over.AddDays(1), _token));
        Assert.Empty(_stage.Kept);
    }

    [Fact]
    public async Task What_was_kept_is_forgotten_when_its_time_is_over()
    {
        _stage.Options.Retention = TimeSpan.FromDays(10);

        await History.PrepareAsync(_over, _token);
        var forgotten = await History.ForgetAsync(_over, 3, _token) + await History.ForgetCountsAsync(_over, 4, _token)
            + await History.ForgetLinesAsync(_over, 5, _token);

        Assert.Equal(12, forgotten);
        Assert.Equal(
            [
                ("prepare", _over, 0), ("outcomes", _over.AddDays(-10), 3), ("counts", _over.AddDays(-400), 4),
                // A pseudonym outlives the last outcome that may stand under it.
                ("lines", _over.AddDays(-14), 5),
            ],
            _stage.Asked);
    }

    [Fact]
    public async Task What_became_of_a_flow_is_told_from_the_end_of_its_life_to_the_end_of_its_time()
    {
        var flow = _stage.Add(Sample.Challenged(PossessionMethod.Otp));
        _stage.AddText(flow);

        Assert.Null(await History.FindAsync(flow.Id, _over.AddTicks(-1), _token));
        var first = await History.FindAsync(flow.Id, _over, _token);
        await History.KeepAsync(_over, _token);
        var kept = await History.FindAsync(flow.Id, _over, _token);

        Assert.Equal((FlowEnd.Expired, 1), (first!.End, first.Texts.Count));
        Assert.Equal((FlowEnd.Expired, 1), (kept!.End, kept.Texts.Count));
        Assert.Equal(kept.EndedAt.AddDays(30), History.KeptUntil(kept));
        Assert.NotNull(await History.FindAsync(flow.Id, History.KeptUntil(kept).AddTicks(-1), _token));
        Assert.Null(await History.FindAsync(flow.Id, History.KeptUntil(kept), _token));
        Assert.Null(await History.FindAsync(CorrelationId.New(Sample.Now), _over, _token));

        _stage.Options.Mode = HistoryMode.Off;
        Assert.Equal(kept.ExpiresAt, History.KeptUntil(kept));
    }
}
