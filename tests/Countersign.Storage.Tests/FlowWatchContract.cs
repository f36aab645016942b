using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Countersign.Storage.Tests;

/// <summary>One look for all who wait on a node.</summary>
public abstract class FlowWatchContract(StoreFixture fixture) : StoreContract(fixture)
{
    private readonly Subscriptions _subscriptions = new();

    private FlowStore Flows => Over(Fixture.Database);

    [Fact]
    public async Task A_look_wakes_those_whose_flow_has_changed_or_is_gone_and_no_others()
    {
        var (changed, unchanged, gone) = (Sample.Flow(), Sample.Flow(), Sample.Flow());
        await Flows.AddAsync(changed, Test);
        await Flows.AddAsync(unchanged, Test);
        Assert.True(await Flows.TrySaveAsync(new Decision(changed), Test));
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
        Assert.True(await Flows.TrySaveAsync(new Decision(flows[0]), Test));
        Assert.True(await Flows.TrySaveAsync(new Decision(flows[999]), Test));

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
        Assert.True(await Flows.TrySaveAsync(new Decision(flow), Test));
        away.IsAway = false;
        await AdvanceUntilAsync(time, () => logs.All.Any(line => line.Event.Id == 1821));

        await Task.WhenAll(waits);
        Assert.Single(logs.All, line => line.Event.Id == 1820);
        Assert.Single(logs.All, line => line.Event.Id == 1821);
        await watch.StopAsync(Test);
        waiting.ForEach(subscription => subscription.Dispose());
    }

    [Fact]
    public async Task Who_waits_hears_of_a_save_that_was_given_up_and_is_stored_all_the_same()
    {
        var (time, written) = (new FakeTimeProvider(), new Unheard(Fixture.Database));
        var guarded = new GuardedDatabase(written, StorageOptions.CallTimeout, time, _subscriptions, NullLogger<GuardedDatabase>.Instance);
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        using var subscription = _subscriptions.Add(flow.Id);
        var waiting = subscription.WaitAsync(0, Test);
        using var logs = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        using var watch = new FlowWatch(Fixture.Database, _subscriptions, time, factory.CreateLogger<FlowWatch>());
        await watch.StartAsync(Test);

        var saving = Over(guarded).TrySaveAsync(new Decision(flow), Test);
        time.Advance(StorageOptions.CallTimeout);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => saving);
        Assert.False(waiting.IsCompleted);
        written.Begin.SetResult();

        await AdvanceUntilAsync(time, () => waiting.IsCompleted);
        // The store was never away.
        Assert.Empty(logs.All);
        await watch.StopAsync(Test);
    }

    [Theory]
    [MemberData(nameof(WhatMayFollowACommit))]
    public async Task Who_waits_hears_of_a_save_whose_commit_was_not_heard(Exception failure)
    {
        var (time, written) = (new FakeTimeProvider(), new Unheard(Fixture.Database) { Failure = failure });
        var guarded = new GuardedDatabase(written, StorageOptions.CallTimeout, time, _subscriptions, NullLogger<GuardedDatabase>.Instance);
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        using var subscription = _subscriptions.Add(flow.Id);
        var waiting = subscription.WaitAsync(0, Test);
        using var watch = new FlowWatch(Fixture.Database, _subscriptions, time, NullLogger<FlowWatch>.Instance);
        await watch.StartAsync(Test);
        written.Begin.SetResult();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Over(guarded).TrySaveAsync(new Decision(flow), Test));

        await AdvanceUntilAsync(time, () => waiting.IsCompleted);
        await watch.StopAsync(Test);
    }

    [Fact]
    public async Task Nobody_who_waits_is_no_look_after_a_save_that_failed()
    {
        var written = new Unheard(Fixture.Database) { Failure = new TimeoutException() };
        var guarded = new GuardedDatabase(
            written, StorageOptions.CallTimeout, TimeProvider.System, _subscriptions, NullLogger<GuardedDatabase>.Instance);
        written.Begin.SetResult();

        var saving = Over(guarded).TrySaveAsync(new Decision(Sample.Flow()), Test);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => saving);
        Assert.False(_subscriptions.Reasons.TryRead(out _));
    }

    public static TheoryData<Exception> WhatMayFollowACommit() =>
    [
        new IOException("Broken pipe"),
        new NpgsqlException("Exception while reading from stream", new TimeoutException()),
        new PostgresException("terminating connection", "FATAL", "FATAL", "57P01"),
        new SqliteException("disk I/O error", 10),
    ];

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> isSo)
    {
        while (!isSo())
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
            Test.ThrowIfCancellationRequested();
        }
    }

    private FlowStore Over(IDatabase database) => new(database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private FlowWatch Watch(IDatabase database) => new(database, _subscriptions, TimeProvider.System, NullLogger<FlowWatch>.Instance);

    /// <summary>Writes when the test says so, and may fail behind the commit.</summary>
    private sealed class Unheard(IDatabase inner) : IDatabase
    {
        public TaskCompletionSource Begin { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Exception? Failure { get; init; }

        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
            inner.ReadAsync(statement, read, cancellationToken);

        public async Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
        {
            await Begin.Task;
            var outcomes = await inner.WriteAsync(statements, cancellationToken);
            return Failure is null ? outcomes : throw Failure;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

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

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            inner.WriteAsync(statements, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class FlowWatchOnSqlite(SqliteFixture fixture) : FlowWatchContract(fixture), IClassFixture<SqliteFixture>;

public sealed class FlowWatchOnPostgres(PostgresFixture fixture) : FlowWatchContract(fixture), IClassFixture<PostgresFixture>;
