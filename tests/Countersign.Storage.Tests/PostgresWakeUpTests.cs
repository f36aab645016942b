using Countersign.Core;
using Countersign.Core.Flows;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Countersign.Storage.Tests;

public sealed class PostgresWakeUpTests(PostgresFixture fixture) : WakeUpContract, IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly CorrelationId _flow = CorrelationId.New(Sample.Now);
    private readonly List<PostgresWakeUp> _started = [];

    private PostgresDatabase Database => (PostgresDatabase)fixture.Database;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var wakeUp in _started)
        {
            await wakeUp.StopAsync(CancellationToken.None);
            wakeUp.Dispose();
        }
    }

    [Fact]
    public async Task A_signal_to_everywhere_wakes_who_waits_on_another_node()
    {
        var here = await StartNodeAsync();
        var there = await StartNodeAsync();
        using var subscription = there.Subscribe(_flow);

        await here.SignalAsync(_flow, everywhere: true, Test);

        await subscription.WaitAsync(Test);
    }

    [Fact]
    public async Task A_signal_to_this_node_alone_does_not_travel()
    {
        var here = await StartNodeAsync();
        var there = await StartNodeAsync();
        using var subscription = there.Subscribe(_flow);
        using var later = there.Subscribe(CorrelationId.New(Sample.Now));

        await here.SignalAsync(_flow, everywhere: false, Test);
        await here.SignalClockAsync(Test);
        await ClockMoveAsync(there, () => here.SignalClockAsync(Test));

        // Notifications keep their order: had the first one been sent, it would be here.
        Assert.False(subscription.WaitAsync(Test).IsCompleted);
    }

    [Fact]
    public async Task A_moved_clock_is_told_to_every_node()
    {
        var here = await StartNodeAsync();
        var there = await StartNodeAsync();

        await ClockMoveAsync(there, () => new SandboxClockStore(Database, here).AdvanceAsync(TimeSpan.FromSeconds(1), Test));
    }

    [Fact]
    public async Task After_a_lost_connection_everyone_looks_again_and_signals_are_heard_again()
    {
        var here = await StartNodeAsync();
        var there = await StartNodeAsync();
        using var subscription = there.Subscribe(_flow);

        await CutListenersAsync();
        await subscription.WaitAsync(Test);

        await here.SignalAsync(_flow, everywhere: true, Test);
        await subscription.WaitAsync(Test);
    }

    [Fact]
    public async Task The_fallback_poll_makes_everyone_look_again()
    {
        var time = new FakeTimeProvider();
        var node = await StartNodeAsync(TimeSpan.FromSeconds(5), time);
        using var subscription = node.Subscribe(_flow);
        Assert.False(subscription.WaitAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);

        time.Advance(TimeSpan.FromSeconds(5));

        await subscription.WaitAsync(Test);
    }

    [Fact]
    public async Task A_change_that_no_other_node_can_be_notified_of_is_no_failure_of_the_call()
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=nobody");
        using var watch = WatchOf(database, new Subscriptions(), TimeProvider.System);
        using var wakeUp = new PostgresWakeUp(
            database, new Subscriptions(), watch, new StorageOptions(), TimeProvider.System, NullLogger<PostgresWakeUp>.Instance);
        using var subscription = wakeUp.Subscribe(_flow);

        await wakeUp.SignalAsync(_flow, everywhere: true, Test);
        await wakeUp.SignalClockAsync(Test);

        await subscription.WaitAsync(Test);
    }

    [Fact]
    public async Task A_node_that_cannot_reach_the_server_keeps_trying_and_stops_when_told()
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=nobody");
        using var watch = WatchOf(database, new Subscriptions(), TimeProvider.System);
        using var wakeUp = new PostgresWakeUp(
            database, new Subscriptions(), watch, new StorageOptions(), TimeProvider.System, NullLogger<PostgresWakeUp>.Instance);

        await wakeUp.StartAsync(Test);
        await wakeUp.StopAsync(Test);

        Assert.True(wakeUp.ExecuteTask!.IsCompleted);
        Assert.False(wakeUp.Listening.IsCompleted);
    }

    protected override async Task<(IWakeUp WakeUp, Func<int> Waiting)> StartAsync()
    {
        var wakeUp = await StartNodeAsync();
        return (wakeUp, () => wakeUp.Waiting);
    }

    private async Task<PostgresWakeUp> StartNodeAsync(TimeSpan fallbackPoll = default, TimeProvider? time = null)
    {
        var subscriptions = new Subscriptions();
        var wakeUp = new PostgresWakeUp(
            Database, subscriptions, WatchOf(Database, subscriptions, time ?? TimeProvider.System),
            new StorageOptions { FallbackPoll = fallbackPoll }, time ?? TimeProvider.System, NullLogger<PostgresWakeUp>.Instance);
        _started.Add(wakeUp);
        await wakeUp.StartAsync(Test);
        await wakeUp.Listening.WaitAsync(Test);
        return wakeUp;
    }

    private static FlowWatch WatchOf(IDatabase database, Subscriptions subscriptions, TimeProvider time) =>
        new(database, subscriptions, time, NullLogger<FlowWatch>.Instance);

    private static async Task ClockMoveAsync(PostgresWakeUp node, Func<Task> move)
    {
        var told = new TaskCompletionSource();
        node.ClockMoved += (_, _) => told.TrySetResult();
        await move();
        await told.Task.WaitAsync(Test);
    }

    private async Task CutListenersAsync()
    {
        await using var connection = new NpgsqlConnection($"{fixture.Connection};Pooling=false");
        await connection.OpenAsync(Test);
        await using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
            connection);
        await command.ExecuteNonQueryAsync(Test);
    }
}
