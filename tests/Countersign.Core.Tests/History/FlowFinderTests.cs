using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.History;

public sealed class FlowFinderTests
{
    private static readonly DateTimeOffset _over = Sample.Now.AddMinutes(15);
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly ProjectId _bank = ProjectId.Parse("bank");
    private static readonly CancellationToken _token = TestContext.Current.CancellationToken;

    private readonly HistoryStage _stage = new();
    private int _added;

    [Fact]
    public async Task A_flow_that_lives_is_told_as_it_stands_with_what_became_of_its_texts()
    {
        var flow = _stage.Add(Named(Sample.Challenged(PossessionMethod.Otp)));
        _stage.AddText(flow);
        _stage.AddText(_stage.Add(Sample.Flow()));

        var account = (await _stage.Finder.FindAsync(flow.Id, _token))!;

        Assert.Equal(
            (flow.Id, flow.ProjectId, null, Sample.Deadline, PossessionVerdict.Open, "otp"),
            (account.Id, account.ProjectId, account.Ending, account.Deadline, account.Possession, account.Method));
        Assert.Equal(
            ("US", "USD", "order-1", "customer-1", 1),
            (account.Country, account.Currency, account.ClientRequestId, account.ClientCustomerId, account.Texts.Count));
        Assert.False(account.IsDecided);
    }

    [Fact]
    public async Task From_the_end_of_its_life_on_the_relying_partys_word_for_the_person_is_not_told()
    {
        var flow = _stage.Add(Named(Sample.Challenged(PossessionMethod.Otp)));
        _stage.AddText(flow);
        _stage.Flows.Clock.Now = _over;

        var waiting = (await _stage.Finder.FindAsync(flow.Id, _token))!;
        await _stage.History.KeepAsync(_over, _token);
        var kept = (await _stage.Finder.FindAsync(flow.Id, _token))!;

        Assert.Equal((FlowEnd.Expired, "order-1", null, 1), Told(waiting));
        Assert.Equal((FlowEnd.Expired, "order-1", null, 1), Told(kept with { ClientCustomerId = null }));
        Assert.True(waiting.IsDecided && kept.IsDecided);

        static (string?, string?, string?, int) Told(FlowAccount account) =>
            (account.Ending?.End, account.ClientRequestId, account.ClientCustomerId, account.Texts.Count);
    }

    [Fact]
    public async Task What_is_not_there_not_kept_or_kept_no_longer_is_not_told()
    {
        var flow = _stage.Add(Sample.Flow());
        Assert.Null(await _stage.Finder.FindAsync(CorrelationId.New(Sample.Now), _token));

        _stage.Flows.Clock.Now = _over;
        _stage.Options.Mode = HistoryMode.Off;
        Assert.Null(await _stage.Finder.FindAsync(flow.Id, _token));

        _stage.Options.Mode = HistoryMode.On;
        await _stage.History.KeepAsync(_over, _token);
        _stage.Flows.Clock.Now = _over.AddDays(30).AddTicks(-1);
        Assert.NotNull(await _stage.Finder.FindAsync(flow.Id, _token));
        _stage.Flows.Clock.Now = _over.AddDays(30);
        Assert.Null(await _stage.Finder.FindAsync(flow.Id, _token));
    }

    [Theory]
    [InlineData(4, "54 32 1")]
    [InlineData(5, "54 32 1")]
    public async Task Pages_follow_one_another_newest_first_and_the_last_says_that_it_is(int outcomes, string expected)
    {
        await AddFiveAsync(outcomes);

        var pages = new List<string>();
        CorrelationId? next = null;
        do
        {
            var page = await _stage.Finder.ListAsync(new FlowQuery { Before = next }, null, 2, hasTexts: false, _token);
            pages.Add(string.Concat(page.Flows.Select(flow => flow.ClientRequestId)));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(expected, string.Join(' ', pages));
    }

    [Theory]
    [InlineData(5, "54321", true)]
    [InlineData(4, "5432", false)]
    public async Task A_page_that_has_them_all_is_the_last(int limit, string expected, bool isLast)
    {
        await AddFiveAsync(outcomes: 0);

        var page = await _stage.Finder.ListAsync(new FlowQuery(), null, limit, hasTexts: false, _token);

        Assert.Equal((expected, isLast), (Ids(page), page.Next is null));
        Assert.Equal([limit + 1], _stage.Looks);
    }

    [Fact]
    public async Task Flows_are_found_by_how_they_ended_why_and_whether_they_run()
    {
        Add("running", Sample.Challenged(PossessionMethod.Otp));
        Add("ready", Sample.Flow());
        Add("declined", Sample.Challenged(PossessionMethod.Otp).After(new PossessionEvent.Declined(), Sample.Now));
        Add("given up", Sample.Challenged(PossessionMethod.Otp).After(new PossessionEvent.GivenUp(), Sample.Now));
        Add("no gateway", Sample.Challenged(PossessionMethod.Otp).After(
            new PossessionEvent.MethodUnavailable(PossessionMethod.Otp, "no-route,suppressed"), Sample.Now));

        Assert.Equal("declined", await FoundAsync(new FlowQuery { End = FlowEnd.Declined }));
        Assert.Equal("no gateway", await FoundAsync(new FlowQuery { Reason = "suppressed" }));
        Assert.Equal("no gateway", await FoundAsync(new FlowQuery { End = FlowEnd.Unavailable, Reason = "no-route" }));
        Assert.Equal("", await FoundAsync(new FlowQuery { End = FlowEnd.Declined, Reason = "no-route" }));
        Assert.Equal("", await FoundAsync(new FlowQuery { Reason = "route" }));
        Assert.Equal("ready running", await FoundAsync(new FlowQuery { IsRunning = true }));
        Assert.Equal("no gateway given up declined", await FoundAsync(new FlowQuery { IsRunning = false }));
        Assert.Equal("", await FoundAsync(new FlowQuery { IsRunning = true, End = FlowEnd.Declined }));
        // What is judged here is read in larger pieces.
        Assert.All(_stage.Looks, look => Assert.Equal(200, look));

        async Task<string> FoundAsync(FlowQuery query) =>
            string.Join(' ', (await _stage.Finder.ListAsync(query, null, 10, hasTexts: false, _token)).Flows
                .Select(flow => flow.ClientRequestId));
    }

    [Fact]
    public async Task For_one_page_so_many_rows_are_looked_at_and_not_all_there_are()
    {
        var first = Add("the oldest", Sample.Challenged(PossessionMethod.Otp).After(new PossessionEvent.Declined(), Sample.Now));
        for (var i = 0; i < FlowFinder.MostLookedAt + 10; i++)
        {
            _stage.Add(Sample.Flow() with { Id = CorrelationId.New(Sample.Now.AddSeconds(i + 10)) });
        }

        var page = await _stage.Finder.ListAsync(new FlowQuery { End = FlowEnd.Declined }, null, 10, hasTexts: false, _token);

        Assert.Empty(page.Flows);
        Assert.Equal(FlowFinder.MostLookedAt, _stage.Looks.Sum());
        var rest = await _stage.Finder.ListAsync(
            new FlowQuery { End = FlowEnd.Declined, Before = page.Next }, null, 10, hasTexts: false, _token);
        Assert.Equal((first.Id, null), (Assert.Single(rest.Flows).Id, rest.Next));
    }

    [Fact]
    public async Task A_page_that_is_full_stops_at_its_last_flow()
    {
        await AddFiveAsync(outcomes: 0);

        var page = await _stage.Finder.ListAsync(new FlowQuery { IsRunning = true }, null, 2, hasTexts: false, _token);
        var rest = await _stage.Finder.ListAsync(
            new FlowQuery { IsRunning = true, Before = page.Next }, null, 10, hasTexts: false, _token);

        Assert.Equal(("54", "321"), (Ids(page), Ids(rest)));
    }

    [Fact]
    public async Task By_its_number_a_flow_is_found_also_when_its_life_is_over()
    {
        Add("over", Sample.Flow());
        Add("others", Sample.Flow() with { Number = PhoneNumber.Parse("+12025550143") });
        await _stage.History.KeepAsync(_over, _token);
        _stage.Flows.Clock.Now = _over;
        Add("living", Sample.Flow() with { ExpiresAt = _over.AddMinutes(1) });

        var query = new FlowQuery { Search = new FlowSearch.ByNumber(PhoneNumber.Parse("+12025550142")) };
        var page = await _stage.Finder.ListAsync(query, null, 10, hasTexts: false, _token);

        Assert.Equal(["living", "over"], page.Flows.Select(flow => flow.ClientRequestId));
    }

    [Fact]
    public async Task Of_several_projects_all_and_of_no_other_are_told()
    {
        await AddFiveAsync(outcomes: 0);
        foreach (var (project, name) in new[] { (_bank, "B"), (ProjectId.Parse("other"), "-") })
        {
            Add(name, Sample.Flow() with { ProjectId = project });
        }

        Assert.Equal("B54321", Ids(await _stage.Finder.ListAsync(new FlowQuery(), [_shop, _bank], 10, hasTexts: false, _token)));
        Assert.Equal("B54", Ids(await _stage.Finder.ListAsync(new FlowQuery(), [_shop, _bank], 3, hasTexts: false, _token)));
        Assert.Equal("-B54321", Ids(await _stage.Finder.ListAsync(new FlowQuery(), null, 10, hasTexts: false, _token)));
        Assert.Equal("", Ids(await _stage.Finder.ListAsync(new FlowQuery(), [], 10, hasTexts: false, _token)));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task What_became_of_texts_is_told_where_it_is_asked_for(bool hasTexts, int texts)
    {
        _stage.AddText(_stage.Add(Sample.Flow()));

        var page = await _stage.Finder.ListAsync(new FlowQuery(), [_shop], 10, hasTexts, _token);

        Assert.Equal(texts, Assert.Single(page.Flows).Texts.Count);
    }

    [Fact]
    public async Task A_relying_party_that_cancels_a_flow_ends_it_once()
    {
        var cancelling = new FlowCancelling(_stage.Flows.Runner, _stage.Finder);
        var flow = Add("running", Sample.Challenged(PossessionMethod.Otp));

        Assert.Null(await cancelling.CancelAsync(flow.Id, _bank, _token));
        Assert.Null(await cancelling.CancelAsync(CorrelationId.New(Sample.Now), _shop, _token));
        Assert.False(_stage.Flows.Flows.Kept[flow.Id].IsDecided);

        var first = await cancelling.CancelAsync(flow.Id, _shop, _token);
        _stage.Flows.Clock.Now = Sample.Now.AddMinutes(1);
        var second = await cancelling.CancelAsync(flow.Id, _shop, _token);

        Assert.Equal(new Ending(FlowEnd.Cancelled, Sample.Now), first!.Ending);
        Assert.Equal(first.Ending, second!.Ending);
        Assert.Single(second.Facts, fact => fact.Code == FlowEventCode.FlowCancelled);
    }

    [Fact]
    public async Task A_flow_that_has_ended_otherwise_is_not_cancelled()
    {
        var flow = Add("declined", Sample.Challenged(PossessionMethod.Otp).After(new PossessionEvent.Declined(), Sample.Now));

        var told = await new FlowCancelling(_stage.Flows.Runner, _stage.Finder).CancelAsync(flow.Id, _shop, _token);

        Assert.Equal(FlowEnd.Declined, told!.Ending!.End);
        Assert.Equal(0, _stage.Flows.Flows.Kept[flow.Id].Version);
    }

    private async Task AddFiveAsync(int outcomes)
    {
        for (var i = 1; i <= 5; i++)
        {
            Add($"{i}", Sample.Flow() with { ExpiresAt = i <= outcomes ? Sample.Now : _over });
        }
        await _stage.History.KeepAsync(Sample.Now, _token);
        _stage.Looks.Clear();
    }

    private Flow Add(string name, Flow flow) => _stage.Add(flow with
    {
        Id = CorrelationId.New(Sample.Now.AddSeconds(_added++)), ClientRequestId = name,
    });

    private static Flow Named(Flow flow) => flow with { ClientRequestId = "order-1", ClientCustomerId = "customer-1" };

    private static string Ids(FlowPage page) => string.Concat(page.Flows.Select(flow => flow.ClientRequestId));
}
