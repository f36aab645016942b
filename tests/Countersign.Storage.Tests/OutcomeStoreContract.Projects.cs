using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>Outcomes stand under the key of their project.</summary>
public abstract partial class OutcomeStoreContract
{
    private static readonly LinePseudonym _line = LinePseudonym.New();

    private static readonly FlowQuery[] _searches =
    [
        new() { Search = new FlowSearch.ByClientRequest("order-1") },
        new() { Search = new FlowSearch.ByClientCustomer("customer-1") },
        new() { Search = new FlowSearch.ByNumber(Sample.Number), Line = _line },
    ];

    private PersonStore Persons => new(
        Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan,
        new PersonRecordKeys(Fixture.Hasher, Fixture.Hashes, Fixture.Plan), Fixture.Lines);

    [Fact]
    public async Task Without_a_project_s_key_its_outcomes_are_neither_found_nor_opened_and_those_of_others_are()
    {
        var (mine, other) = (await KeepOneAsync(Sample.Shop), await KeepOneAsync(_bank));
        var copy = await Fixture.DumpAsync();
        Assert.True(await IsTracedAsync(copy, Sample.Shop));

        await Fixture.Lines.DestroyAsync(Sample.Shop, Test);

        Assert.False(await IsTracedAsync(copy, Sample.Shop));
        Assert.Null(await Outcomes.FindAsync(mine.Id, Test));
        Assert.NotNull(await Outcomes.FindAsync(other.Id, Test));
        foreach (var search in _searches)
        {
            Assert.Empty(await Outcomes.ListAsync(search, Sample.Shop, 9, Test));
            Assert.Equal([other.Id], (await Outcomes.ListAsync(search, null, 9, Test)).Select(row => row.Id));
            Assert.Equal([other.Id], (await Outcomes.ListAsync(search, _bank, 9, Test)).Select(row => row.Id));
        }
        Assert.Equal([other.Id], (await Outcomes.ScanAsync(Sample.Now.AddDays(-1), null, 9, Test)).Outcomes.Select(one => one.Id));
        // A new one is under the next key.
        var next = await KeepOneAsync(Sample.Shop);
        Assert.Equal([next.Id], (await Outcomes.ListAsync(_searches[0], Sample.Shop, 9, Test)).Select(row => row.Id));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    public async Task In_however_many_projects_outcomes_are_found_and_one_line_is_one(int count)
    {
        var kept = new List<Outcome>();
        foreach (var project in Enumerable.Range(0, count).Select(i => ProjectId.Parse($"p{i}")))
        {
            kept.Add(await KeepOneAsync(project));
        }
        var expected = kept.Select(one => one.Id).OrderDescending().ToList();

        foreach (var search in _searches)
        {
            Assert.Equal(expected, (await Outcomes.ListAsync(search, null, 999, Test)).Select(row => row.Id));
        }
        var scanned = await Outcomes.ScanAsync(Sample.Now.AddDays(-1), null, 999, Test);
        Assert.Equal([(_line, count)], scanned.Outcomes.CountBy(one => one.Line!.Value).Select(one => (one.Key, one.Value)));
        // In the columns it is another in each.
        var columns = await Fixture.Database.ReadAsync(
            new Statement("SELECT line FROM outcomes"), row => Convert.ToHexString(row.GetFieldValue<byte[]>(0)), Test);
        Assert.Equal(count, columns.Except([_line.Hex.ToUpperInvariant()]).Count());
    }

    [Fact]
    public async Task Outcomes_from_before_projects_had_keys_are_found_and_told_from_those_that_copies_cannot_open()
    {
        var (former, later) = (await KeepOneAsync(Sample.Shop, isFormer: true), await KeepOneAsync(Sample.Shop));

        foreach (var search in _searches)
        {
            Assert.Equal(
                new[] { former.Id, later.Id }.OrderDescending(),
                (await Outcomes.ListAsync(search, Sample.Shop, 9, Test)).Select(row => row.Id));
            Assert.Equal(2, (await Outcomes.ListAsync(search, null, 9, Test)).Count(row => row.Outcome is not null));
        }
        Assert.NotNull(await Outcomes.FindAsync(former.Id, Test));
        Assert.All((await Outcomes.ScanAsync(Sample.Now.AddDays(-1), null, 9, Test)).Outcomes, one => Assert.Equal(_line, one.Line));
        var (erased, bare) = (await Persons.EraseFlowsAsync([later.Id], Test), await Persons.EraseFlowsAsync([former.Id], Test));
        Assert.Equal((1, 1), (erased.Of(DataClass.Outcomes), bare.Of(DataClass.Outcomes)));
        Assert.Equal((false, true), (erased.HadBare(DataClass.Outcomes), bare.HadBare(DataClass.Outcomes)));
    }

    [Fact]
    public async Task While_keys_are_out_of_reach_outcomes_wait_but_for_those_that_go_without_their_line()
    {
        var store = new OutcomeStore(
            Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, new LinesAway(), TimeSpan.FromMinutes(15));
        var outcome = OutcomeOf(Sample.Flow());

        await Assert.ThrowsAsync<UnavailableException>(() => store.AddAsync([outcome with { Line = _line }], Test));
        await store.AddAsync([outcome], Test);

        Assert.Equal((outcome.Id, null), ((await Outcomes.FindAsync(outcome.Id, Test))!.Id, outcome.Line));
        Assert.Equal(1, await Fixture.CountAsync("outcomes"));
    }

    [Fact]
    public async Task While_an_outcome_stands_under_no_key_nothing_is_said_of_copies_and_afterwards_of_later_ones()
    {
        var time = new FakeTimeProvider(Sample.Now);
        var bare = new BareRows(Fixture.Database, time);

        var before = await bare.AbsentSinceAsync(ErasureOf.Project, Test);
        await KeepOneAsync(Sample.Shop, isFormer: true);
        var with = await bare.AbsentSinceAsync(ErasureOf.Project, Test);
        await Fixture.ExecuteAsync("DELETE FROM outcomes");
        await KeepOneAsync(Sample.Shop);
        time.Advance(TimeSpan.FromHours(1));
        var after = await bare.AbsentSinceAsync(ErasureOf.Project, Test);

        Assert.Equal(DataClass.UnderProjectKey.ToHashSet(), [.. before.Keys]);
        Assert.Equal(DataClass.UnderProjectKey.Except([DataClass.Outcomes]).ToHashSet(), [.. with.Keys]);
        Assert.Equal(before[DataClass.Outcomes] + TimeSpan.FromHours(1), after[DataClass.Outcomes]);
        Assert.Equal(before[DataClass.Identities], after[DataClass.Identities]);
    }

    [Fact]
    public async Task Outcomes_are_gone_through_once_as_long_as_one_stands_under_no_key()
    {
        var database = new LookedThrough(Fixture.Database);
        var bare = new BareRows(database, TimeProvider.System);
        CorrelationId[] some =
            [(await KeepOneAsync(Sample.Shop, isFormer: true)).Id, (await KeepOneAsync(Sample.Shop, isFormer: true)).Id];
        await KeepOneAsync(Sample.Shop);

        foreach (var left in (int[])[2, 2, 2, 1, 0])
        {
            foreach (var gone in some.Order().Skip(left))
            {
                await Persons.EraseFlowsAsync([gone], Test);
            }
            Assert.Equal(
                left == 0, (await bare.AbsentSinceAsync(ErasureOf.Project, Test)).ContainsKey(DataClass.Outcomes));
            Assert.Equal(3 - left, database.Times);
        }
    }

    [Fact]
    public async Task An_outcome_that_comes_under_no_key_while_they_are_gone_through_is_not_missed()
    {
        await KeepOneAsync(Sample.Shop);
        var store = new OutcomeStore(
            Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, new LinesAway(), TimeSpan.FromMinutes(15));
        var database = new LookedThrough(Fixture.Database) { After = () => store.AddAsync([OutcomeOf(Sample.Flow())], Test) };
        var bare = new BareRows(database, TimeProvider.System);

        var first = await bare.AbsentSinceAsync(ErasureOf.Project, Test);
        var then = await bare.AbsentSinceAsync(ErasureOf.Project, Test);

        Assert.DoesNotContain(DataClass.Outcomes, first.Keys);
        Assert.DoesNotContain(DataClass.Outcomes, then.Keys);
    }

    private async Task<Outcome> KeepOneAsync(ProjectId project, bool isFormer = false)
    {
        await Fixture.AddProjectAsync(project);
        var outcome = OutcomeOf(Sample.Flow() with
        {
            ProjectId = project, ClientRequestId = "order-1", ClientCustomerId = "customer-1",
        }) with { Line = isFormer ? null : _line };
        var store = isFormer
            ? new OutcomeStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, new LinesAway(), TimeSpan.FromMinutes(15))
            : Outcomes;
        await store.AddAsync([outcome], Test);
        if (isFormer)
        {
            await Fixture.Database.WriteAsync(
                [
                    new Statement(
                        "UPDATE outcomes SET line = @line WHERE id = @id", ("@line", _line.ToBytes()), ("@id", outcome.Id.ToBytes())),
                ],
                Test);
        }
        return outcome;
    }

    /// <summary>Whether somebody who has all other keys finds the line, or one of the relying party's ids, in a copy.</summary>
    private async Task<bool> IsTracedAsync(List<object> copy, ProjectId project)
    {
        var key = (await Fixture.Lines.FindAsync([project], Test)).GetValueOrDefault(project);
        byte[][] hashes =
        [
            _line.ToBytes(),
            .. _searches[..2].Select(search => FlowRow.HashOf(search.Search!, Fixture.Hasher)),
        ];
        byte[][] all = [.. hashes, .. hashes.Select(hash => key?.Bind(hash)).OfType<byte[]>()];
        return copy.OfType<byte[]>().Any(value => all.Any(hash => value.AsSpan().IndexOf(hash) >= 0));
    }

    /// <summary>Counts how often all outcomes are gone through.</summary>
    private sealed class LookedThrough(IDatabase inner) : IDatabase
    {
        public int Times { get; private set; }

        /// <summary>What happens in the moment after the first time.</summary>
        public Func<Task>? After { get; set; }

        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public async Task<List<T>> ReadAsync<T>(
            Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        {
            var rows = await inner.ReadAsync(statement, read, cancellationToken);
            if (statement.TakesLong && statement.Sql.Contains("FROM outcomes", StringComparison.Ordinal))
            {
                Times++;
                var after = After;
                After = null;
                await (after?.Invoke() ?? Task.CompletedTask);
            }
            return rows;
        }

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            inner.WriteAsync(statements, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
