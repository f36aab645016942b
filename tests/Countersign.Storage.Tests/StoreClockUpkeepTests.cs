using System.Data;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

public sealed class StoreClockUpkeepTests : IDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    private readonly Machine _machine = new();
    private readonly TimedStore _store;
    private readonly StoreClock _clock;
    private readonly LogLines _lines = new();
    private readonly LoggerFactory _loggers;
    private readonly StoreClockUpkeep _upkeep;

    public StoreClockUpkeepTests()
    {
        _store = new TimedStore(_machine);
        _clock = new StoreClock(_machine);
        _loggers = new LoggerFactory([_lines]);
        _upkeep = new StoreClockUpkeep(_clock, _store, _machine, _loggers.CreateLogger<StoreClockUpkeep>());
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private TimeSpan Error => _clock.GetUtcNow() - _store.Now;

    public void Dispose()
    {
        _upkeep.Dispose();
        _loggers.Dispose();
        _lines.Dispose();
    }

    [Theory, InlineData(150, 3), InlineData(-40, 4.5), InlineData(2.6, 5), InlineData(0.2, 0.3)]
    public async Task A_difference_beyond_the_error_counts_however_long_the_store_takes(double ahead, double trip)
    {
        await _upkeep.MeasureAsync(Test);

        (_store.Ahead, _store.Trip) = (TimeSpan.FromSeconds(ahead), TimeSpan.FromSeconds(trip));
        await _upkeep.MeasureAsync(Test);

        Assert.Equal(TimeSpan.Zero, Error);
    }

    [Theory, InlineData(1, 3), InlineData(-2.4, 5), InlineData(0.1, 0.3)]
    public async Task A_difference_within_the_error_does_not_count(double ahead, double trip)
    {
        await _upkeep.MeasureAsync(Test);

        (_store.Ahead, _store.Trip) = (TimeSpan.FromSeconds(ahead), TimeSpan.FromSeconds(trip));
        await _upkeep.MeasureAsync(Test);

        Assert.Equal(TimeSpan.FromSeconds(-ahead), Error);
    }

    [Theory, InlineData(600), InlineData(-600), InlineData(0)]
    public async Task What_could_not_be_measured_is_measured_at_the_next_look_at_which_the_store_answers(int seconds)
    {
        await _upkeep.MeasureAsync(Test);
        await _upkeep.StartAsync(Test);
        await AdvanceUntilAsync(() => _store.Answers > TimedStore.Questions);

        // While a machine sleeps its timer stands; when its clock is set, nothing has happened in truth.
        var slept = TimeSpan.FromSeconds(seconds);
        _machine.Set += slept;
        _store.Ahead -= seconds < 0 ? slept : TimeSpan.Zero;
        _store.IsAway = true;
        await AdvanceUntilAsync(() => _lines.All.Any(line => line.Event.Id == 1827));
        var answers = _store.Answers;
        _store.IsAway = false;
        // A tick that comes before it is waited for is kept.
        _machine.Advance(_look);

        await _store.AnswersAsync(answers + TimedStore.Questions).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Test);
        await _upkeep.StopAsync(Test);
        Assert.Equal(TimeSpan.Zero, Error);
        Assert.Single(_lines.All, line => line.Event.Id == 1827);
    }

    private async Task AdvanceUntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            _machine.Advance(_look);
            await Task.Yield();
            Test.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A machine whose clock may be set, or go on while its timer stands.</summary>
    private sealed class Machine : FakeTimeProvider
    {
        public TimeSpan Set { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Set;
    }

    /// <summary>Says its time, half of a trip after it was asked.</summary>
    private sealed class TimedStore(Machine machine) : IDatabase
    {
        /// <summary>How many times it is asked for a measurement.</summary>
        public const int Questions = 3;

        private readonly List<(int Count, TaskCompletionSource Reached)> _awaited = [];
        private int _answers;

        public TimeSpan Ahead { get; set; }

        public TimeSpan Trip { get; set; }

        public bool IsAway { get; set; }

        public int Answers => Volatile.Read(ref _answers);

        public DateTimeOffset Now => machine.GetUtcNow() + Ahead;

        public Task AnswersAsync(int count)
        {
            lock (_awaited)
            {
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited.Add((count, reached));
                Tell();
                return reached.Task;
            }
        }

        public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        {
            if (IsAway)
            {
                return Task.FromException<List<T>>(new TimeoutException());
            }
            machine.Advance(Trip / 2);
            using var table = new DataTable { Columns = { { "time", typeof(long) } } };
            table.Rows.Add((Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            machine.Advance(Trip / 2);
            using var row = table.CreateDataReader();
            row.Read();
            lock (_awaited)
            {
                _answers++;
                Tell();
            }
            return Task.FromResult(new List<T> { read(row) });
        }

        public void Migrate() { }

        public Task PingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            Task.FromResult<WriteResult[]>([]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private void Tell() => _awaited.FindAll(one => one.Count <= _answers).ForEach(one => one.Reached.TrySetResult());
    }
}
