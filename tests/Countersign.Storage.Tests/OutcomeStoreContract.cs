using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Texts;

namespace Countersign.Storage.Tests;

public abstract partial class OutcomeStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly DateTimeOffset _over = Sample.Now.AddMinutes(16);

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    private OutcomeStore Outcomes => Of(Fixture.Database);

    [Fact]
    public async Task An_outcome_takes_the_place_of_its_flow_and_is_found_as_it_was()
    {
        var flow = await AddAsync(Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Ünal" });
        var outcome = OutcomeOf(flow);

        Assert.Equal(1, await Outcomes.ReplaceAsync([new(outcome, flow.Version)], Test));

        var found = (await Outcomes.FindAsync(flow.Id, Test))!;
        Assert.Equal(
            (outcome.Id, outcome.End, outcome.EndedAt, outcome.Prefix, "order-1"),
            (found.Id, found.End, found.EndedAt, found.Prefix, found.ClientRequestId));
        // What the relying party calls the person is kept as a keyed hash alone.
        Assert.Null(found.ClientCustomerId);
        Assert.Equal(outcome.Facts, found.Facts);
        Assert.Null(await Flows.FindAsync(flow.Id, Test));
        Assert.Null(await Outcomes.FindAsync(CorrelationId.New(Sample.Now), Test));
    }

    [Fact]
    public async Task Flows_whose_life_is_over_are_listed_by_their_ids_with_their_texts()
    {
        var flows = new List<Flow>();
        for (var i = 0; i < 5; i++)
        {
            flows.Add(await AddAsync(Sample.Flow(Sample.Now.AddSeconds(i))));
        }
        var living = await AddAsync(Sample.Flow(Sample.Now.AddMinutes(9)));
        var longer = await AddAsync(Sample.Flow() with { ExpiresAt = Sample.Now.AddHours(1) });
        OutgoingText[] sent = [Sample.Text(flows[1]), Sample.Text(flows[1]), Sample.Text(longer)];
        foreach (var (text, of) in sent.Zip([flows[1], flows[1] with { Version = 1 }, longer]))
        {
            Assert.True(await Flows.TrySaveAsync(new Decision(of, text), Test));
        }

        var (first, second, third) = (
            await Outcomes.ListEndedAsync(_over, null, 2, Test), await Outcomes.ListEndedAsync(_over, flows[1].Id, 2, Test),
            await Outcomes.ListEndedAsync(_over, flows[3].Id, 2, Test));

        Assert.Equal(flows[..2].ConvertAll(flow => flow.Id), first.Flows.Select(ended => ended.Flow.Id));
        Assert.Equal((flows[1].Id, flows[3].Id, null), (first.Next, second.Next, third.Next));
        Assert.Equal([flows[4].Id], third.Flows.Select(ended => ended.Flow.Id));
        Assert.Empty(first.Flows[0].Texts);
        Assert.Equal(sent[..2].Select(text => text.Id), first.Flows[1].Texts.Select(text => text.Text.Id));
        Assert.Equal(2, first.Flows[1].Flow.Version);
        Assert.Equal(2, (await Texts.ListAsync(flows[1].Id, Test)).Count);
        Assert.Empty((await Outcomes.ListEndedAsync(flows[0].ExpiresAt, null, 9, Test)).Flows);
        Assert.NotNull(await Flows.FindAsync(living.Id, Test));
    }

    [Fact]
    public async Task Outcomes_of_calls_without_a_flow_are_added_once()
    {
        var outcomes = Enumerable.Range(0, 3).Select(i => OutcomeOf(Sample.Flow(Sample.Now.AddSeconds(i))) with
        {
            Product = Product.OneCall, End = FlowEnd.Answered, Reason = $"AL{i}a", Line = LinePseudonym.New(),
        }).ToList();

        await Outcomes.AddAsync(outcomes[..2], Test);
        await Outcomes.AddAsync([outcomes[1] with { Reason = "another" }, outcomes[2]], Test);
        await Outcomes.AddAsync([], Test);

        Assert.Equal(3, await Fixture.CountAsync("outcomes"));
        Assert.Equal("AL1a", (await Outcomes.FindAsync(outcomes[1].Id, Test))!.Reason);
    }

    [Fact]
    public async Task The_row_of_a_flow_says_how_it_has_ended_from_the_save_on_that_ends_it()
    {
        var flow = await AddAsync(Sample.Flow());
        Assert.Null(await EndOfAsync(flow));

        var ended = flow with { Possession = new PossessionState.Failed(PossessionFailure.GivenUp) };
        Assert.True(await Flows.TrySaveAsync(new Decision(ended), Test));

        Assert.Equal(FlowEnd.GivenUp, await EndOfAsync(flow));
        var atOnce = await AddAsync(Sample.Flow(Sample.Now.AddSeconds(1)) with { Possession = ended.Possession });
        Assert.Equal(FlowEnd.GivenUp, await EndOfAsync(atOnce));
    }

    private async Task<string?> EndOfAsync(Flow flow) => Assert.Single(await Fixture.Database.ReadAsync(
        new Statement("SELECT flow_end FROM flows WHERE id = @id", ("@id", flow.Id.ToBytes())),
        row => row.IsDBNull(0) ? null : row.GetString(0), Test));

    [Fact]
    public async Task A_flow_that_was_changed_since_it_was_read_stays_and_has_no_outcome()
    {
        var flow = await AddAsync(Sample.Flow());
        Assert.True(await Flows.TrySaveAsync(new Decision(flow), Test));

        Assert.Equal(0, await Outcomes.ReplaceAsync([new(OutcomeOf(flow), flow.Version)], Test));

        Assert.NotNull(await Flows.FindAsync(flow.Id, Test));
        Assert.Null(await Outcomes.FindAsync(flow.Id, Test));
    }

    [Fact]
    public async Task Of_many_who_come_at_once_one_puts_the_outcome()
    {
        var flows = new List<Flow>();
        for (var i = 0; i < 40; i++)
        {
            flows.Add(await AddAsync(Sample.Flow(Sample.Now.AddMilliseconds(i))));
        }
        await using var other = Fixture.Open();

        var counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Of(i % 2 == 0 ? Fixture.Database : other).ReplaceAsync(
            [.. flows.Select(flow => new ReplacedFlow(OutcomeOf(flow), flow.Version))], Test)));

        Assert.Equal(40, counts.Sum());
        Assert.Equal((0, 40), (await Fixture.CountAsync("flows"), await Fixture.CountAsync("outcomes")));
    }

    [Fact]
    public async Task Where_a_write_fails_every_flow_stays()
    {
        Flow[] flows = [await AddAsync(Sample.Flow()), await AddAsync(Sample.Flow())];

        await Assert.ThrowsAnyAsync<DbException>(() => Of(new FailingDatabase(Fixture.Database)).ReplaceAsync(
            [.. flows.Select(flow => new ReplacedFlow(OutcomeOf(flow), flow.Version))], Test));

        Assert.Equal((2, 0), (await Fixture.CountAsync("flows"), await Fixture.CountAsync("outcomes")));
    }

    [Fact]
    public async Task What_cannot_be_read_does_not_keep_the_others_waiting()
    {
        var broken = await AddAsync(Sample.Flow(Sample.Now.AddSeconds(-1)));
        // Its state is sealed for another version.
        await Fixture.ExecuteAsync("UPDATE flows SET version = version + 5");
        var flow = await AddAsync(Sample.Flow());

        var page = await Outcomes.ListEndedAsync(_over, null, 1, Test);
        var next = await Outcomes.ListEndedAsync(_over, page.Next, 1, Test);

        Assert.Empty(page.Flows);
        Assert.Equal(broken.Id, page.Next);
        Assert.Equal(flow.Id, Assert.Single(next.Flows).Flow.Id);
    }

    [Fact]
    public async Task A_flow_that_a_backup_brought_back_goes_and_its_outcome_stays_as_it_was()
    {
        var flow = await AddAsync(Sample.Flow());
        await Outcomes.ReplaceAsync([new(OutcomeOf(flow), flow.Version)], Test);
        await AddAsync(flow);

        Assert.Equal(1, await Outcomes.ReplaceAsync([new(OutcomeOf(flow) with { Prefix = "+44" }, flow.Version)], Test));

        Assert.Equal("+1202555", (await Outcomes.FindAsync(flow.Id, Test))!.Prefix);
        Assert.Equal((0, 1), (await Fixture.CountAsync("flows"), await Fixture.CountAsync("outcomes")));
    }

    [Fact]
    public async Task Outcomes_are_removed_in_pieces_by_when_their_flow_ended()
    {
        foreach (var i in Enumerable.Range(0, 5))
        {
            var flow = await AddAsync(Sample.Flow(Sample.Now.AddSeconds(i)));
            await Outcomes.ReplaceAsync([new(OutcomeOf(flow), flow.Version)], Test);
        }
        var late = await AddAsync(Sample.Flow() with { ExpiresAt = Sample.Now.AddHours(1) });
        await Outcomes.ReplaceAsync([new(OutcomeOf(late), late.Version)], Test);
        var afterFour = Sample.Now.AddMinutes(15).AddSeconds(4);

        Assert.Equal(3, await Outcomes.RemoveAsync(afterFour, 3, Test));
        Assert.Equal(1, await Outcomes.RemoveAsync(afterFour, 3, Test));
        Assert.Equal(0, await Outcomes.RemoveAsync(afterFour, 3, Test));

        Assert.Equal(2, await Fixture.CountAsync("outcomes"));
        Assert.NotNull(await Outcomes.FindAsync(late.Id, Test));
    }

    [Fact]
    public async Task Outcomes_are_gone_through_in_the_order_in_which_they_began_with_their_lines_and_without_what_cannot_be_read()
    {
        var line = LinePseudonym.New();
        var outcomes = Enumerable.Range(0, 5).Select(n => OutcomeOf(Sample.Flow(Sample.Now.AddMinutes(n))) with
        {
            Line = n == 3 ? line : null,
        }).ToArray();
        await Outcomes.AddAsync(outcomes, Test);
        await Fixture.Database.WriteAsync(
            [new Statement("UPDATE outcomes SET body = @body WHERE id = @id", ("@body", new byte[64]), ("@id", outcomes[2].Id.ToBytes()))],
            Test);

        var first = await Outcomes.ScanAsync(Sample.Now.AddMinutes(1), null, 2, Test);
        var second = await Outcomes.ScanAsync(Sample.Now.AddMinutes(1), first.Next, 2, Test);
        var last = await Outcomes.ScanAsync(Sample.Now.AddMinutes(1), second.Next, 2, Test);

        Assert.Equal([outcomes[1].Id], first.Outcomes.Select(one => one.Id));
        Assert.Equal([(outcomes[3].Id, line), (outcomes[4].Id, (LinePseudonym?)null)], second.Outcomes.Select(one => (one.Id, one.Line)));
        Assert.Empty(last.Outcomes);
        Assert.Null(last.Next);
    }

    [Fact]
    public async Task With_its_project_an_outcome_goes()
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        var mine = await AddAsync(Sample.Flow());
        var others = await AddAsync(Sample.Flow() with { ProjectId = ProjectId.Parse("bank") });
        await Outcomes.ReplaceAsync([.. ((Flow[])[mine, others]).Select(flow => new ReplacedFlow(OutcomeOf(flow), flow.Version))], Test);
        var projects = Fixture.Projects;

        Assert.True(await projects.RemoveProjectAsync(Sample.Shop, Test));

        Assert.Null(await Outcomes.FindAsync(mine.Id, Test));
        Assert.NotNull(await Outcomes.FindAsync(others.Id, Test));
    }

    [Fact]
    public async Task No_column_holds_a_number_a_name_a_code_a_text_or_what_the_relying_party_calls_it()
    {
        var flow = await AddAsync(Sample.Flow() with
        {
            SmsMessage = "Marker message ####", ClientCustomerId = "Marker customer", ClientRequestId = "Marker request",
        });
        Assert.True(await Flows.TrySaveAsync(
            new Decision(flow.WithLink(Sample.Hash(1), Sample.Now.AddMinutes(3)), Sample.Text(flow)), Test));
        var ended = Assert.Single((await Outcomes.ListEndedAsync(_over, null, 9, Test)).Flows);

        await Outcomes.ReplaceAsync([new(Outcome.Of(ended.Flow, ended.Texts, "US", "USD"), ended.Flow.Version)], Test);

        Assert.Equal(1, await Fixture.CountAsync("outcomes"));
        Assert.All(await Fixture.DumpAsync(), value => PersonalData.AssertNoneIn(value));
        var opened = (await Outcomes.FindAsync(flow.Id, Test))!;
        Assert.Equal(PossessionMethod.InstantLink.Name, opened.Method);
        Assert.Equal(TextKind.Otp, Assert.Single(opened.Texts).Kind);
    }

    private static Outcome OutcomeOf(Flow flow) => Outcome.Of(flow, [], "US", null);

    private OutcomeStore Of(IDatabase database) =>
        new(database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Lines, TimeSpan.FromMinutes(15));

    private async Task<Flow> AddAsync(Flow flow)
    {
        await Flows.AddAsync(flow, Test);
        return flow;
    }

    /// <summary>Of a store that fails at the end of a transaction.</summary>
    private sealed class FailingDatabase(IDatabase inner) : IDatabase
    {
        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
            inner.ReadAsync(statement, read, cancellationToken);

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            inner.WriteAsync([.. statements, new Statement("DELETE FROM no_such_table")], cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class OutcomeStoreOnSqlite(SqliteFixture fixture) : OutcomeStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class OutcomeStoreOnPostgres(PostgresFixture fixture) : OutcomeStoreContract(fixture), IClassFixture<PostgresFixture>;
