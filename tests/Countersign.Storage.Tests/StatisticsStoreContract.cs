using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Money;
using Countersign.Core.Projects;
using Countersign.Core.Texts;

namespace Countersign.Storage.Tests;

public abstract class StatisticsStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly DateTimeOffset _day = new(Sample.Now.UtcDateTime.Date, TimeSpan.Zero);

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private OutcomeStore Outcomes => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Lines, TimeSpan.FromMinutes(15));

    private StatisticsStore Statistics => new(Fixture.Database);

    [Fact]
    public async Task Outcomes_are_counted_by_everything_as_they_are_written()
    {
        await ReplaceAsync(
            Of("US", "otp", FlowEnd.Matched, AttemptState.Delivered), Of("US", "otp", FlowEnd.Expired, AttemptState.Accepted));
        await ReplaceAsync(Of("DE", "instant-link", FlowEnd.Matched, AttemptState.Delivered));

        var us = (await ReadAsync(CountedBy.Country))[0];

        Assert.Equal(("US", 2L, 1L, 1L), (us.Value, us.Ended, us.Proven, us.Succeeded));
        Assert.Equal((2L, 1L, 4L, 30_000L), (us.Texts, us.Delivered, us.Segments, us.Cost));
        Assert.Equal(["US", "DE"], (await ReadAsync(CountedBy.Country)).Select(count => count.Value));
        Assert.Equal(["otp", "instant-link"], (await ReadAsync(CountedBy.Method)).Select(count => count.Value));
        Assert.Equal([FlowEnd.Matched, FlowEnd.Expired], (await ReadAsync(CountedBy.End)).Select(count => count.Value));
        Assert.Equal(("main", 3L), Assert.Single((await ReadAsync(CountedBy.Gateway)).Select(count => (count.Value, count.Ended))));
        Assert.Equal(3, Assert.Single(await ReadAsync(CountedBy.Prefix)).Ended);
        Assert.Equal(OutcomeCount.HourOf(Sample.Now), Assert.Single(await ReadAsync(CountedBy.Hour)).Value);
    }

    [Fact]
    public async Task A_flow_that_was_changed_meanwhile_is_not_counted_and_none_is_counted_twice()
    {
        var outcome = Of("US", "otp", FlowEnd.Matched, AttemptState.Delivered);
        var flow = await AddAsync(outcome);
        Assert.True(await Flows.TrySaveAsync(new Decision(flow), Test));

        Assert.Equal(0, await Outcomes.ReplaceAsync([new(outcome, flow.Version)], Test));
        Assert.Empty(await ReadAsync(CountedBy.Country));

        Assert.Equal(1, await Outcomes.ReplaceAsync([new(outcome, flow.Version + 1)], Test));
        Assert.Equal(0, await Outcomes.ReplaceAsync([new(outcome, flow.Version + 1)], Test));
        Assert.Equal(1, Assert.Single(await ReadAsync(CountedBy.Country)).Ended);
    }

    [Fact]
    public async Task A_call_without_a_flow_is_counted_by_its_end_alone_and_once()
    {
        var refused = Of("US", null, FlowEnd.RefusedLimit, null) with { Possession = PossessionVerdict.NotAsked };

        await Outcomes.AddAsync([refused], Test);
        await Outcomes.AddAsync([refused], Test);

        Assert.Equal((FlowEnd.RefusedLimit, 1L), Assert.Single((await ReadAsync(CountedBy.End)).Select(one => (one.Value, one.Ended))));
        Assert.Empty(await ReadAsync(CountedBy.Country));
    }

    [Fact]
    public async Task A_span_and_a_project_see_their_own()
    {
        var bank = ProjectId.Parse("bank");
        await ReplaceAsync(
            Of("US", "otp", FlowEnd.Matched, AttemptState.Delivered), Of("US", "otp", FlowEnd.Matched, null) with { ProjectId = bank },
            Of("US", "otp", FlowEnd.Matched, null) with { EndedAt = Sample.Now.AddDays(1) });

        Assert.Equal(2, Assert.Single(await ReadAsync(CountedBy.Country, days: 1)).Ended);
        Assert.Equal(3, Assert.Single(await ReadAsync(CountedBy.Country, days: 2)).Ended);
        Assert.Equal(1, Assert.Single(await ReadAsync(CountedBy.Country, bank, days: 2)).Ended);
        Assert.Empty(await Statistics.ReadAsync(CountedBy.Country, null, _day.AddDays(-9), _day, 10, Test));
    }

    [Fact]
    public async Task The_greatest_come_first_and_no_more_than_were_asked_for()
    {
        await ReplaceAsync([.. Enumerable.Range(0, 9).Select(i => Of(i < 5 ? "US" : i < 8 ? "DE" : "FR", "otp", FlowEnd.Matched, null))]);

        var two = await Statistics.ReadAsync(CountedBy.Country, null, _day, _day.AddDays(1), 2, Test);

        Assert.Equal(["US 5", "DE 3"], two.Select(count => $"{count.Value} {count.Ended}"));
    }

    [Fact]
    public async Task People_are_told_apart_by_their_lines_over_all_spans()
    {
        var lines = Enumerable.Range(0, 9).Select(i => LinePseudonym.FromBytes([(byte)i, .. new byte[15]])).ToList();
        await ReplaceAsync([.. lines.Take(4).SelectMany(line => Enumerable.Repeat(line, 3)).Select(On)]);
        Assert.True(Assert.Single(await ReadAsync(CountedBy.Country)).IsOfFew);

        await ReplaceAsync(On(lines[8]) with { EndedAt = Sample.Now.AddDays(3) });

        Assert.False(Assert.Single(await ReadAsync(CountedBy.Country, days: 5)).IsOfFew);
    }

    [Fact]
    public async Task Nodes_that_count_at_once_lose_nothing()
    {
        var batches = new List<List<ReplacedFlow>>();
        for (var i = 0; i < 8; i++)
        {
            var batch = new List<ReplacedFlow>();
            for (var j = 0; j < 10; j++)
            {
                var outcome = Of(j % 2 == 0 ? "US" : "DE", i % 2 == 0 ? "otp" : "instant-link", FlowEnd.Matched, AttemptState.Delivered);
                batch.Add(new(outcome, (await AddAsync(outcome)).Version));
            }
            batches.Add(batch);
        }
        await using var other = Fixture.Open();

        var kept = await Task.WhenAll(batches.Select((batch, i) => new OutcomeStore(
            i % 2 == 0 ? Fixture.Database : other, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Lines,
            TimeSpan.FromMinutes(15)).ReplaceAsync(batch, Test)));

        Assert.Equal(80, kept.Sum());
        Assert.Equal([40L, 40L], (await ReadAsync(CountedBy.Country)).Select(count => count.Ended));
        Assert.Equal([40L, 40L], (await ReadAsync(CountedBy.Method)).Select(count => count.Ended));
    }

    [Fact]
    public async Task Old_counts_go_and_those_of_a_removed_project_with_it()
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        await ReplaceAsync(
            Of("US", "otp", FlowEnd.Matched, null), Of("US", "otp", FlowEnd.Matched, null) with { EndedAt = Sample.Now.AddDays(9) });

        while (await Statistics.RemoveAsync(_day.AddDays(5), 2, Test) > 0)
        {
        }
        Assert.Equal(1, Assert.Single(await ReadAsync(CountedBy.Country, days: 30)).Ended);

        var projects = Fixture.Projects;
        Assert.True(await projects.RemoveProjectAsync(Sample.Shop, Test));
        Assert.Empty(await ReadAsync(CountedBy.Country, days: 30));
    }

    private static Outcome On(LinePseudonym line) => Of("US", "otp", FlowEnd.Matched, null) with { Line = line };

    private static Outcome Of(string country, string? method, string end, AttemptState? text) =>
        Outcome.Of(Sample.Flow(), [], country, "USD") with
        {
            End = end,
            EndedAt = Sample.Now,
            Method = method,
            Possession = end == FlowEnd.Matched ? PossessionVerdict.Proven : PossessionVerdict.Failed,
            Line = LinePseudonym.New(),
            Texts = text is { } state
                ?
                [
                    new OutcomeText(TextKind.Otp, Sample.Now, TextState.Sent, 2,
                    [
                        new TextAttempt(
                            GatewayName.Parse("main"), Sample.Now, AwaitsHandover: false, state, Sample.Now,
                            Cost: new AttemptCost(0.015m, Sample.Shop, IsOfServer: false)),
                    ]),
                ]
                : [],
        };

    private async Task<Flow> AddAsync(Outcome outcome)
    {
        var flow = Sample.Flow() with { Id = outcome.Id, ProjectId = outcome.ProjectId };
        await Flows.AddAsync(flow, Test);
        return flow;
    }

    private async Task ReplaceAsync(params Outcome[] outcomes)
    {
        var replaced = new List<ReplacedFlow>();
        foreach (var outcome in outcomes)
        {
            replaced.Add(new(outcome, (await AddAsync(outcome)).Version));
        }
        Assert.Equal(outcomes.Length, await Outcomes.ReplaceAsync(replaced, Test));
    }

    private Task<IReadOnlyList<OutcomeCount>> ReadAsync(CountedBy by, ProjectId? project = null, int days = 1) =>
        Statistics.ReadAsync(by, project, _day, _day.AddDays(days), 10, Test);
}

public sealed class StatisticsStoreOnSqlite(SqliteFixture fixture) : StatisticsStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class StatisticsStoreOnPostgres(PostgresFixture fixture) : StatisticsStoreContract(fixture), IClassFixture<PostgresFixture>;
