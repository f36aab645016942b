using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;

namespace Countersign.Storage.Tests;

public abstract partial class OutcomeStoreContract
{
    private static readonly ProjectId _bank = ProjectId.Parse("bank");

    [Fact]
    public async Task Flows_and_outcomes_are_listed_together_newest_first_and_page_by_page()
    {
        var flows = new List<Flow>();
        for (var i = 0; i < 9; i++)
        {
            flows.Add(await AddAsync(Sample.Flow(Sample.Now.AddSeconds(i))));
        }
        // Every second one is over.
        await KeepAsync([.. flows.Where((_, i) => i % 2 == 0)]);

        var (first, second, third) = (await ListAsync(new(), 4), await PageAfterAsync(flows[5]), await PageAfterAsync(flows[1]));

        Assert.Equal([.. flows.Select(flow => flow.Id).Reverse().Take(4)], first.Select(row => row.Id));
        Assert.Equal([.. flows.Select(flow => flow.Id).Reverse().Skip(4).Take(4)], second.Select(row => row.Id));
        Assert.Equal([flows[0].Id], third.Select(row => row.Id));
        Assert.All(first.Concat(second).Concat(third), row => Assert.Equal(
            flows.FindIndex(flow => flow.Id == row.Id) % 2 == 0, row is { Outcome: not null, Flow: null }));
        Assert.Equal(flows[7] with { Timeline = [] }, first[1].Flow! with { Timeline = [] });

        Task<IReadOnlyList<ListedFlow>> PageAfterAsync(Flow last) => ListAsync(new() { Before = last.Id }, 4);
    }

    [Fact]
    public async Task A_flow_that_becomes_an_outcome_between_two_pages_is_there_once()
    {
        var flows = new List<Flow>();
        for (var i = 0; i < 6; i++)
        {
            flows.Add(await AddAsync(Sample.Flow(Sample.Now.AddSeconds(i))));
        }

        var first = await ListAsync(new(), 3);
        await KeepAsync(flows);
        var second = await ListAsync(new() { Before = first[^1].Id }, 9);

        Assert.Equal(flows.Select(flow => flow.Id).Reverse(), first.Concat(second).Select(row => row.Id));
    }

    [Fact]
    public async Task Flows_that_are_moved_while_they_are_listed_are_neither_missed_nor_doubled()
    {
        var flows = new List<Flow>();
        for (var i = 0; i < 60; i++)
        {
            flows.Add(await AddAsync(Sample.Flow(Sample.Now.AddMilliseconds(i))));
        }
        var expected = flows.Select(flow => flow.Id).Reverse().ToList();

        var moving = Task.Run(async () =>
        {
            foreach (var some in flows.Chunk(3))
            {
                await KeepAsync(some);
            }
        }, Test);
        do
        {
            Assert.Equal(expected, (await ListAsync(new(), 100)).Select(row => row.Id));
        }
        while (!moving.IsCompleted);
        await moving;
    }

    [Fact]
    public async Task Of_a_project_its_own_are_listed()
    {
        var mine = await AddAsync(Sample.Flow());
        var others = await AddAsync(Sample.Flow() with { ProjectId = _bank });
        var mineOver = await AddAsync(Sample.Flow());
        var othersOver = await AddAsync(Sample.Flow() with { ProjectId = _bank });
        await KeepAsync([mineOver, othersOver]);

        var (ofShop, ofBank, all) = (
            await Outcomes.ListAsync(new(), Sample.Shop, 9, Test), await Outcomes.ListAsync(new(), _bank, 9, Test),
            await Outcomes.ListAsync(new(), null, 9, Test));

        Assert.Equal(new HashSet<CorrelationId> { mine.Id, mineOver.Id }, ofShop.Select(row => row.Id).ToHashSet());
        Assert.Equal(new HashSet<CorrelationId> { others.Id, othersOver.Id }, ofBank.Select(row => row.Id).ToHashSet());
        Assert.Equal(4, all.Count);
    }

    [Fact]
    public async Task They_are_found_by_the_relying_partys_ids_and_by_their_number()
    {
        var living = await AddAsync(Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Ünal" });
        var over = await AddAsync(Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Öz" });
        await AddAsync(Sample.Flow() with { ClientRequestId = "order-2", Number = PhoneNumber.Parse("+447700900111") });
        await KeepAsync([over]);

        Assert.Equal(2, (await SearchAsync(new FlowSearch.ByClientRequest("order-1"))).Count);
        Assert.Equal([living.Id], await SearchAsync(new FlowSearch.ByClientCustomer("Ünal")));
        Assert.Equal([over.Id], await SearchAsync(new FlowSearch.ByClientCustomer("Öz")));
        Assert.Equal([living.Id], await SearchAsync(new FlowSearch.ByNumber(living.Number)));
        var line = LinePseudonym.New();
        var named = await AddAsync(Sample.Flow());
        await Outcomes.ReplaceAsync([new(OutcomeOf(named) with { Line = line }, named.Version)], Test);
        var byLine = await ListAsync(new() { Search = new FlowSearch.ByNumber(living.Number), Line = line }, 9);
        Assert.Equal(new HashSet<CorrelationId> { named.Id, living.Id }, byLine.Select(row => row.Id).ToHashSet());
        Assert.Empty(await SearchAsync(new FlowSearch.ByClientRequest("order-")));

        async Task<List<CorrelationId>> SearchAsync(FlowSearch search) =>
            [.. (await ListAsync(new() { Search = search }, 9)).Where(row => row is not { Flow: null, Outcome: null })
                .Select(row => row.Id)];
    }

    [Fact]
    public async Task They_are_narrowed_by_when_they_began_by_product_and_by_end()
    {
        var early = await AddAsync(Sample.Flow(Sample.Now));
        var middle = await AddAsync(Sample.Flow(Sample.Now.AddSeconds(1)));
        var late = await AddAsync(Sample.Flow(Sample.Now.AddSeconds(2)));
        await KeepAsync([early]);

        Assert.Equal([middle.Id], await IdsAsync(new() { From = middle.CreatedAt, To = late.CreatedAt }));
        Assert.Equal([late.Id, middle.Id], await IdsAsync(new() { From = middle.CreatedAt }));
        Assert.Equal([early.Id], await IdsAsync(new() { To = late.CreatedAt, Before = middle.Id }));
        Assert.Equal([middle.Id, early.Id], await IdsAsync(new() { To = late.CreatedAt, Before = late.Id }));
        Assert.Empty(await IdsAsync(new() { Product = Product.Unify }));
        Assert.Equal(3, (await IdsAsync(new() { Product = Product.VerifiedUsers })).Count);
        Assert.Equal([late.Id, middle.Id, early.Id], await IdsAsync(new() { End = FlowEnd.RanOutReady }));
        Assert.Equal([late.Id, middle.Id], await IdsAsync(new() { End = FlowEnd.Matched }));
        Assert.Equal([late.Id, middle.Id], await IdsAsync(new() { IsRunning = true }));

        // What no index finds is a row without anything in it: it has been looked at.
        async Task<List<CorrelationId>> IdsAsync(FlowQuery query) =>
            [.. (await ListAsync(query, 9)).Where(row => row.Flow is not null || row.Outcome is not null).Select(row => row.Id)];
    }

    [Theory]
    [InlineData("first-name", "0 3")]
    [InlineData("last-name", "1 3")]
    [InlineData("name", "3")]
    [InlineData("exact", "2 3")]
    public async Task Outcomes_of_another_reason_are_not_opened_and_those_from_before_the_column_are(string reason, string opened)
    {
        var outcomes = ((string?[])["first-name,last-name-missing", "mid-name,last-name", "exact", "exact", null]).Select((kept, i) =>
            OutcomeOf(Sample.Flow(Sample.Now.AddSeconds(i))) with { Reason = kept }).ToArray();
        await Outcomes.AddAsync(outcomes, Test);
        await Fixture.Database.WriteAsync(
            [new Statement("UPDATE outcomes SET reason = NULL WHERE id = @id", ("@id", outcomes[3].Id.ToBytes()))], Test);

        var rows = await ListAsync(new() { Reason = reason }, 9);

        Assert.Equal(5, rows.Count);
        Assert.Equal(
            opened,
            string.Join(' ', rows.Where(row => row.Outcome is not null).Select(row => Array.FindIndex(outcomes, one => one.Id == row.Id))
                .Order()));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_there_without_anything_in_it()
    {
        var broken = await AddAsync(Sample.Flow(Sample.Now.AddSeconds(-1)));
        // Its state is sealed for another version.
        await Fixture.ExecuteAsync("UPDATE flows SET version = version + 5");
        var flow = await AddAsync(Sample.Flow());

        var rows = await ListAsync(new(), 9);

        Assert.Equal([flow.Id, broken.Id], rows.Select(row => row.Id));
        Assert.Equal((false, true), (rows[0].Flow is null, rows[1] is { Flow: null, Outcome: null }));
    }

    [Fact]
    public async Task A_column_that_was_changed_shows_nobody_anothers_flow()
    {
        var flow = await AddAsync(Sample.Flow());
        var over = await AddAsync(Sample.Flow());
        await KeepAsync([over]);
        await Fixture.ExecuteAsync("UPDATE flows SET project_id = 'bank'");
        await Fixture.ExecuteAsync("UPDATE outcomes SET project_id = 'bank'");

        var rows = await Outcomes.ListAsync(new(), _bank, 9, Test);

        Assert.Equal(new HashSet<CorrelationId> { flow.Id, over.Id }, rows.Select(row => row.Id).ToHashSet());
        Assert.All(rows, row => Assert.True(row is { Flow: null, Outcome: null }));
    }

    private Task<IReadOnlyList<ListedFlow>> ListAsync(FlowQuery query, int limit) =>
        Outcomes.ListAsync(query, Sample.Shop, limit, Test);

    private async Task KeepAsync(IEnumerable<Flow> flows) =>
        await Outcomes.ReplaceAsync([.. flows.Select(flow => new ReplacedFlow(OutcomeOf(flow), flow.Version))], Test);
}
