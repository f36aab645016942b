using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

public sealed class StoreClockTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    // PostgreSQL runs on this machine: its time is the system's.
    private static readonly TimeProvider _store = TimeProvider.System;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory, InlineData(150), InlineData(-300), InlineData(0)]
    [Trait("attack", "O02")]
    public async Task A_machine_whose_clock_is_wrong_goes_by_the_stores(int seconds)
    {
        var clock = new StoreClock(new FakeTimeProvider(_store.GetUtcNow().AddSeconds(seconds)));

        var before = _store.GetUtcNow();
        await clock.MeasureAsync(fixture.Database, Test);
        var after = _store.GetUtcNow();

        // The fake machine's timer stands still: the whole trip is within these two.
        Assert.InRange(clock.GetUtcNow(), before.AddMilliseconds(-1), after.AddMilliseconds(1));
    }

    [Fact]
    public async Task Between_measurements_time_goes_on()
    {
        var machine = new FakeTimeProvider(_store.GetUtcNow().AddDays(1));
        var clock = new StoreClock(machine);
        await clock.MeasureAsync(fixture.Database, Test);
        var then = clock.GetUtcNow();

        machine.Advance(TimeSpan.FromSeconds(42));

        Assert.Equal(TimeSpan.FromSeconds(42), clock.GetUtcNow() - then);
    }

    [Fact]
    public async Task A_machine_whose_clock_is_set_changes_nothing()
    {
        var machine = new SetClock();
        var clock = new StoreClock(machine);
        await clock.MeasureAsync(fixture.Database, Test);
        var then = clock.GetUtcNow();

        machine.Offset = TimeSpan.FromMinutes(-7);

        Assert.Equal(then, clock.GetUtcNow());
    }

    [Fact]
    public async Task A_wrong_clock_is_told_once_and_a_right_one_again()
    {
        var machine = new SetClock { Offset = TimeSpan.FromSeconds(150) };
        using var logs = new LogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(logs));
        using var upkeep = new StoreClockUpkeep(
            new StoreClock(machine), fixture.Database, machine, factory.CreateLogger<StoreClockUpkeep>());

        await upkeep.MeasureAsync(Test);
        await upkeep.MeasureAsync(Test);
        machine.Offset = TimeSpan.Zero;
        await upkeep.MeasureAsync(Test);

        Assert.Equal([1825, 1826], logs.All.Select(line => line.Event.Id));
        Assert.Contains("ahead of the store's", logs.All[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_it_was_measured_the_machines_time_counts()
    {
        var machine = new FakeTimeProvider();
        var clock = new StoreClock(machine);
        await using var nowhere = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=nobody");

        await Assert.ThrowsAnyAsync<Exception>(() => clock.MeasureAsync(nowhere, Test));

        Assert.Equal(machine.GetUtcNow(), clock.GetUtcNow());
    }

    /// <summary>The system's clock, set wrong; its timer is frozen, so that nothing but the setting moves.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

        public override long GetTimestamp() => 0;
    }
}
