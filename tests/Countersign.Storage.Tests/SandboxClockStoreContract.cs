
namespace Countersign.Storage.Tests;

public abstract class SandboxClockStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private readonly LocalWakeUp _signal = new(new Subscriptions());

    private SandboxClockStore Clock => new(Fixture.Database, _signal);

    [Fact]
    public async Task A_clock_nobody_has_moved_is_right()
    {
        Assert.Equal(TimeSpan.Zero, await Clock.ReadAsync(Test));
    }

    [Fact]
    public async Task Moves_add_up()
    {
        Assert.Equal(TimeSpan.FromSeconds(90), await Clock.AdvanceAsync(TimeSpan.FromSeconds(90), Test));
        Assert.Equal(TimeSpan.FromSeconds(100), await Clock.AdvanceAsync(TimeSpan.FromSeconds(10), Test));

        Assert.Equal(TimeSpan.FromSeconds(100), await Clock.ReadAsync(Test));
    }

    [Fact]
    public async Task No_parallel_move_is_lost()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Clock.AdvanceAsync(TimeSpan.FromSeconds(1), Test), Test)));

        Assert.Equal(TimeSpan.FromSeconds(50), await Clock.ReadAsync(Test));
    }

    [Fact]
    public async Task The_clock_does_not_go_back()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Clock.AdvanceAsync(TimeSpan.FromSeconds(-1), Test));
    }

    [Fact]
    public async Task A_move_is_told_after_it_was_made()
    {
        var told = new List<TimeSpan>();
        _signal.ClockMoved += (_, _) => told.Add(Clock.ReadAsync(Test).GetAwaiter().GetResult());

        await Clock.AdvanceAsync(TimeSpan.FromSeconds(5), Test);

        Assert.Equal([TimeSpan.FromSeconds(5)], told);
    }
}

public sealed class SandboxClockStoreOnSqlite(SqliteFixture fixture) : SandboxClockStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class SandboxClockStoreOnPostgres(PostgresFixture fixture)
    : SandboxClockStoreContract(fixture), IClassFixture<PostgresFixture>;
