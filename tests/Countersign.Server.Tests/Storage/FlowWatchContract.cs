using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Storage;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Storage;

/// <summary>One look for all who wait on a node.</summary>
public abstract class FlowWatchContract(StoreFixture fixture) : StoreContract(fixture)
{
    private readonly Subscriptions _subscriptions = new();

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, TimeSpan.FromMinutes(15));

    [Fact]
    public async Task A_look_wakes_those_whose_flow_has_changed_or_is_gone_and_no_others()
    {
        var (changed, unchanged, gone) = (Sample.Flow(), Sample.Flow(), Sample.Flow());
        await Flows.AddAsync(changed, Test);
        await Flows.AddAsync(unchanged, Test);
        Assert.True(await Flows.TrySaveAsync(changed, null, Test));
        using var ofChanged = _subscriptions.Add(changed.Id);
        using var ofUnchanged = _subscriptions.Add(unchanged.Id);
        using var ofGone = _subscriptions.Add(gone.Id);
        using var hasSeen = _subscriptions.Add(changed.Id);
        var waits = (Changed: ofChanged.WaitAsync(0, Test), Unchanged: ofUnchanged.WaitAsync(0, Test), Gone: ofGone.WaitAsync(0, Test));
        var unbothered = hasSeen.WaitAsync(1, Test);

        await Watch(Fixture.Database).LookAsync(Test);

        await waits.Changed;
        await waits.Gone;
        Assert.False(waits.Unchanged.IsCompleted);
        Assert.False(unbothered.IsCompleted);
    }

    [Fact]
    public async Task One_who_says_nothing_of_what_they_saw_looks_again_at_every_look()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        using var subscription = _subscriptions.Add(flow.Id);
        var wait = subscription.WaitAsync(Test);

        await Watch(Fixture.Database).LookAsync(Test);

        await wait;
    }

    [Fact]
    public async Task A_thousand_who_wait_are_two_statements()
    {
        var counted = new Tampered(Fixture.Database);
        var flows = Enumerable.Range(0, 1000).Select(_ => Sample.Flow()).ToList();
        await Task.WhenAll(flows.Select(flow => Flows.AddAsync(flow, Test)));
        var subscriptions = flows.ConvertAll(flow => _subscriptions.Add(flow.Id));
        var waits = subscriptions.ConvertAll(subscription => subscription.WaitAsync(0, Test));
        Assert.True(await Flows.TrySaveAsync(flows[0], null, Test));
        Assert.True(await Flows.TrySaveAsync(flows[999], null, Test));

        await Watch(counted).LookAsync(Test);

        await waits[0];
        await waits[999];
        Assert.Equal(2, counted.Reads);
        Assert.Equal(998, waits.Count(wait => !wait.IsCompleted));
        subscriptions.ForEach(subscription => subscription.Dispose());
        Assert.Equal(0, _subscriptions.Count);
    }

    [Fact]
    public async Task Nobody_who_waits_is_no_statement()
    {
        var counted = new Tampered(Fixture.Database);

        await Watch(counted).LookAsync(Test);

        Assert.Equal(0, counted.Reads);
    }

    [Fact]
    public async Task After_failed_looks_the_store_is_asked_until_it_answers_and_that_is_said_once()
    {
        var (time, away) = (new FakeTimeProvider(), new Tampered(Fixture.Database) { IsAway = true });
        using var logs = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        using var watch = new FlowWatch(away, _subscriptions, time, factory.CreateLogger<FlowWatch>());
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var waiting = Enumerable.Range(0, 100).Select(_ => _subscriptions.Add(flow.Id)).ToList();
        var waits = waiting.ConvertAll(subscription => subscription.WaitAsync(0, Test));
        await watch.StartAsync(Test);

        waiting.ForEach(subscription => subscription.LookFailed(new TimeoutException()));
        await AdvanceUntilAsync(time, () => away.Reads >= 5);
        waiting.ForEach(subscription => subscription.LookFailed(new TimeoutException()));
        Assert.True(await Flows.TrySaveAsync(flow, null, Test));
        away.IsAway = false;
        await AdvanceUntilAsync(time, () => logs.All.Any(line => line.Event.Id == 1821));

        await Task.WhenAll(waits);
        Assert.Single(logs.All, line => line.Event.Id == 1820);
        Assert.Single(logs.All, line => line.Event.Id == 1821);
        await watch.StopAsync(Test);
        waiting.ForEach(subscription => subscription.Dispose());
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> isSo)
    {
        while (!isSo())
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
            Test.ThrowIfCancellationRequested();
        }
    }

    private FlowWatch Watch(IDatabase database) =>
        new(database, _subscriptions, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FlowWatch>.Instance);

    /// <summary>Counts reads, and fails them when the test says so.</summary>
    private sealed class Tampered(IDatabase inner) : IDatabase
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public bool IsAway { get; set; }

        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            return IsAway ? Task.FromException<List<T>>(new TimeoutException()) : inner.ReadAsync(statement, read, cancellationToken);
        }

        public Task<Outcome[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) => inner.WriteAsync(statements, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class FlowWatchOnSqlite(SqliteFixture fixture) : FlowWatchContract(fixture), IClassFixture<SqliteFixture>;

public sealed class FlowWatchOnPostgres(PostgresFixture fixture) : FlowWatchContract(fixture), IClassFixture<PostgresFixture>;
