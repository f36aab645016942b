using System.Data.Common;
using System.Net.Sockets;
using Countersign.Core.Flows;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Countersign.Storage.Tests;

public sealed class GuardedDatabaseTests : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private static readonly Statement _statement = new("SELECT 1");

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedDatabase _inner = new();
    private readonly Subscriptions _subscriptions = new();
    private readonly LogLines _lines = new();
    private readonly LoggerFactory _loggers;
    private readonly GuardedDatabase _guarded;

    public GuardedDatabaseTests()
    {
        _loggers = new LoggerFactory([_lines]);
        _guarded = new GuardedDatabase(_inner, _timeout, _time, _subscriptions, _loggers.CreateLogger<GuardedDatabase>());
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _loggers.Dispose();
        _lines.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_is_not_answered_ends_after_the_timeout(bool isWrite)
    {
        _inner.Answer = new TaskCompletionSource().Task;

        var call = CallAsync(isWrite);
        _time.Advance(_timeout - TimeSpan.FromMilliseconds(1));
        var wasWaiting = !call.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(wasWaiting);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
    }

    [Fact]
    public async Task A_read_of_a_whole_table_has_more_time()
    {
        _inner.Answer = new TaskCompletionSource().Task;

        var call = _guarded.ReadAsync(new Statement("SELECT 1") { TakesLong = true }, _ => 0, Test);
        _time.Advance(_timeout * 2);
        var wasWaiting = !call.IsCompleted;
        _time.Advance(Statement.LongTimeout);

        Assert.True(wasWaiting);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_three_failures_in_a_row_calls_are_refused_untried_until_one_alone_is_answered(bool isWrite)
    {
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite, Circuit.MaxFailures);

        await FailAsync(isWrite, 5);
        var triedWhileItRests = _inner.Calls;
        _time.Advance(Circuit.Rest);
        var answer = new TaskCompletionSource();
        _inner.Answer = answer.Task;
        var alone = CallAsync(isWrite);
        await FailAsync(isWrite, 5);
        var triedAfterTheRest = _inner.Calls;
        answer.SetResult();
        await alone;
        await CallAsync(isWrite);

        Assert.Equal((3, 4, 5), (triedWhileItRests, triedAfterTheRest, _inner.Calls));
        Assert.Equal([1803, 1804], _lines.All.Select(line => line.Event.Id));
    }

    [Fact]
    public async Task One_that_is_tried_in_vain_begins_another_rest()
    {
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite: false, Circuit.MaxFailures);

        _time.Advance(Circuit.Rest);
        await FailAsync(isWrite: false, 3);

        Assert.Equal(4, _inner.Calls);
        Assert.Equal([1803], _lines.All.Select(line => line.Event.Id));
    }

    [Fact]
    public async Task A_caller_that_leaves_makes_room_for_the_next_try()
    {
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite: false, Circuit.MaxFailures);
        _time.Advance(Circuit.Rest);
        using var caller = new CancellationTokenSource();
        _inner.Answer = new TaskCompletionSource().Task;
        var left = _guarded.ReadAsync(_statement, _ => 0, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        _inner.Answer = Task.CompletedTask;

        await CallAsync(isWrite: false);

        Assert.Equal(5, _inner.Calls);
    }

    [Fact]
    public async Task Two_failures_and_a_success_are_no_outage()
    {
        for (var i = 0; i < 5; i++)
        {
            _inner.Answer = Task.FromException(new TimeoutException());
            await FailAsync(isWrite: true, 2);
            _inner.Answer = Task.CompletedTask;
            await CallAsync(isWrite: true);
        }

        Assert.Equal(15, _inner.Calls);
        Assert.Empty(_lines.All);
    }

    [Fact]
    public async Task Reads_go_on_while_writes_are_refused()
    {
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite: true, 10);
        _inner.Answer = Task.CompletedTask;

        await CallAsync(isWrite: false);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(isWrite: true));
    }

    [Fact]
    public async Task A_store_that_answers_and_cannot_work_is_asked_each_time()
    {
        _inner.Answer = Task.FromException(new SqliteException("database or disk is full", 13));

        await FailAsync(isWrite: true, 10);

        Assert.Equal(10, _inner.Calls);
    }

    [Fact]
    public async Task What_a_statement_did_wrong_is_thrown_as_it_is()
    {
        _inner.Answer = Task.FromException(new SqliteException("UNIQUE constraint failed", 19));

        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<SqliteException>(() => CallAsync(isWrite: true));
        }

        Assert.Equal(5, _inner.Calls);
    }

    [Fact]
    public async Task More_writes_than_can_be_of_use_are_refused_at_once()
    {
        var answer = new TaskCompletionSource();
        _inner.Answer = answer.Task;
        var waiting = Enumerable.Range(0, GuardedDatabase.MaxWrites).Select(_ => CallAsync(isWrite: true)).ToList();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(isWrite: true));
        answer.SetResult();
        await Task.WhenAll(waiting);
        await CallAsync(isWrite: true);

        Assert.Equal(GuardedDatabase.MaxWrites + 1, _inner.Calls);
    }

    [Fact]
    public async Task A_full_queue_says_nothing_about_the_store()
    {
        var answer = new TaskCompletionSource();
        _inner.Answer = answer.Task;
        var waiting = Enumerable.Range(0, GuardedDatabase.MaxWrites - 2).Select(_ => CallAsync(isWrite: true)).ToList();
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite: true, 2);
        _inner.Answer = answer.Task;
        waiting.AddRange([CallAsync(isWrite: true), CallAsync(isWrite: true)]);

        await FailAsync(isWrite: true, 5);
        var openedByRefusals = _lines.All.Count;
        _time.Advance(_timeout);
        await Task.WhenAll(waiting.Select(async call => await Record.ExceptionAsync(() => call)));

        Assert.Equal(0, openedByRefusals);
        // Two before the queue was full and one of those that waited.
        Assert.Equal([1803], _lines.All.Select(line => line.Event.Id));
        answer.SetResult();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_that_fail_together_are_one_failure(bool isWrite)
    {
        _inner.Answer = new TaskCompletionSource().Task;
        var together = Enumerable.Range(0, 64).Select(_ => CallAsync(isWrite)).ToList();
        _time.Advance(_timeout);
        await Task.WhenAll(together.Select(async call => await Record.ExceptionAsync(() => call)));

        _inner.Answer = Task.CompletedTask;
        await CallAsync(isWrite);

        Assert.Equal(65, _inner.Calls);
        Assert.Empty(_lines.All);
    }

    [Fact]
    public async Task A_store_that_hangs_is_given_up_within_seconds_of_the_first_failure()
    {
        _inner.Answer = new TaskCompletionSource().Task;
        var calls = new List<Task>();
        for (var i = 0; i < 7; i++)
        {
            calls.Add(CallAsync(isWrite: true));
            _time.Advance(TimeSpan.FromSeconds(1));
            if (i >= 4)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => calls[i - 4]);
            }
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(isWrite: true).WaitAsync(Test));

        Assert.Equal([1803], _lines.All.Select(line => line.Event.Id));
        Assert.Equal(7, _inner.Calls);
        _time.Advance(_timeout);
        await Task.WhenAll(calls.Select(async call => await Record.ExceptionAsync(() => call)));
    }

    [Fact]
    public async Task A_read_that_takes_long_is_not_the_one_that_is_tried()
    {
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite: false, Circuit.MaxFailures);
        _time.Advance(Circuit.Rest);
        _inner.Answer = new TaskCompletionSource().Task;

        await Assert.ThrowsAsync<StoreUnavailableException>(
            () => _guarded.ReadAsync(new Statement("SELECT 1") { TakesLong = true }, _ => 0, Test).WaitAsync(Test));
        _inner.Answer = Task.CompletedTask;
        await CallAsync(isWrite: false);

        Assert.Equal(Circuit.MaxFailures + 1, _inner.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_began_before_the_rest_lets_nobody_in_beside_the_one_that_is_tried(bool leaves)
    {
        using var caller = new CancellationTokenSource();
        var early = new TaskCompletionSource();
        _inner.Answer = early.Task;
        var before = _guarded.ReadAsync(_statement, _ => 0, caller.Token);
        _inner.Answer = Task.FromException(new TimeoutException());
        await FailAsync(isWrite: false, Circuit.MaxFailures);
        _time.Advance(Circuit.Rest);
        var answer = new TaskCompletionSource();
        _inner.Answer = answer.Task;
        var tried = CallAsync(isWrite: false);

        if (leaves)
        {
            await caller.CancelAsync();
        }
        else
        {
            early.SetException(new TimeoutException());
        }
        await Assert.ThrowsAnyAsync<Exception>(() => before);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(isWrite: false).WaitAsync(Test));
        answer.SetResult();
        await tried;

        Assert.Equal(Circuit.MaxFailures + 2, _inner.Calls);
    }

    [Theory]
    [InlineData(2499, false)]
    [InlineData(2500, true)]
    public async Task Callers_that_leave_count_when_they_have_waited_half_of_the_timeout(int milliseconds, bool isFailure)
    {
        _inner.Answer = new TaskCompletionSource().Task;
        for (var i = 0; i < Circuit.MaxFailures; i++)
        {
            using var caller = new CancellationTokenSource();
            var call = _guarded.ReadAsync(_statement, _ => 0, caller.Token);
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            await caller.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(isFailure ? [1803] : [], _lines.All.Select(line => line.Event.Id));
    }

    [Fact]
    public async Task What_was_written_just_now_is_not_proven_again()
    {
        await CallAsync(isWrite: true);

        await _guarded.PingAsync(Test);
        _time.Advance(GuardedDatabase.ProofLasts - TimeSpan.FromMilliseconds(1));
        await _guarded.PingAsync(Test);
        var whileProven = _inner.Pings;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _guarded.PingAsync(Test);
        await _guarded.PingAsync(Test);

        Assert.Equal((0, 1), (whileProven, _inner.Pings));
    }

    [Fact]
    public async Task A_write_that_the_store_could_not_do_ends_the_proof()
    {
        await CallAsync(isWrite: true);
        _inner.Answer = Task.FromException(new SqliteException("database or disk is full", 13));
        await FailAsync(isWrite: true, 1);

        await Assert.ThrowsAsync<SqliteException>(() => _guarded.PingAsync(Test));

        Assert.Equal(1, _inner.Pings);
    }

    [Theory]
    [InlineData("08006", true, true)]
    [InlineData("57P01", true, true)]
    [InlineData("57P03", true, false)]
    [InlineData("57014", true, false)]
    [InlineData("55P03", true, false)]
    [InlineData("25P03", true, false)]
    [InlineData("25P04", true, false)]
    [InlineData("3D000", true, false)]
    [InlineData("40001", true, false)]
    [InlineData("57P05", true, true)]
    [InlineData("53100", true, false)]
    [InlineData("53300", true, false)]
    [InlineData("25006", true, false)]
    [InlineData("28P01", true, false)]
    [InlineData("58030", true, false)]
    [InlineData("40P01", true, false)]
    [InlineData("23505", false, false)]
    [InlineData("42P01", false, false)]
    [InlineData("22021", false, false)]
    public void What_PostgreSQL_refuses_is_told_apart(string state, bool isUnavailable, bool isBroken)
    {
        var failure = new PostgresException("refused", "ERROR", "ERROR", state);

        Assert.Equal((isUnavailable, isBroken), (Failures.UnavailabilityIn(failure) is not null, Failures.MeansBrokenConnection(failure)));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(8, true)]
    [InlineData(10, true)]
    [InlineData(13, true)]
    [InlineData(14, true)]
    [InlineData(1, false)]
    [InlineData(11, false)]
    [InlineData(19, false)]
    public void What_SQLite_refuses_is_told_apart(int code, bool isUnavailable) =>
        Assert.Equal(isUnavailable, Failures.UnavailabilityIn(new SqliteException("refused", code)) is not null);

    [Fact]
    public void A_line_that_is_cut_is_a_broken_connection_and_time_that_is_over_is_not()
    {
        Assert.True(Failures.MeansBrokenConnection(new NpgsqlException("reading", new EndOfStreamException())));
        Assert.True(Failures.MeansBrokenConnection(new NpgsqlException("writing", new IOException("reset", new SocketException(104)))));
        Assert.False(Failures.MeansBrokenConnection(new NpgsqlException("reading", new TimeoutException())));
        Assert.NotNull(Failures.UnavailabilityIn(new NpgsqlException("reading", new TimeoutException())));
    }

    [Theory]
    [MemberData(nameof(WhatLeavesADriver))]
    public async Task Whatever_leaves_a_driver_that_does_not_serve_a_call_is_one_failure(string _, Exception failure, bool isWrite)
    {
        _inner.Answer = Task.FromException(failure);

        var told = await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(isWrite));

        Assert.Same(failure, told.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_caller_has_cancelled_is_no_failure_of_the_store(bool isWrite)
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        _inner.Answer = Task.FromException(new OperationCanceledException(caller.Token));

        for (var i = 0; i < 2 * Circuit.MaxFailures; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallForAsync(isWrite, caller.Token));
        }

        Assert.Empty(_lines.All);
    }

    public static TheoryData<string, Exception, bool> WhatLeavesADriver()
    {
        (string, Exception)[] failures =
        [
            ("time for the statement is over", new NpgsqlException("Exception while reading from stream", new TimeoutException())),
            ("time for the connection is over", new TimeoutException("The operation has timed out")),
            ("the pool is exhausted", new NpgsqlException("The connection pool has been exhausted", new TimeoutException())),
            ("no connection", new NpgsqlException("Failed to connect", new SocketException(111))),
            ("the line is cut",
                new NpgsqlException("Exception while writing to stream", new IOException("Broken pipe", new SocketException(32)))),
            ("the answer does not fit", new NpgsqlException("Received unexpected backend message")),
            ("the line is cut below the driver", new IOException("Connection reset by peer")),
            ("the name is not found", new SocketException(11001)),
            ("the driver has given up by itself", new OperationCanceledException("Query was cancelled", new TimeoutException())),
            ("its task was cancelled", new TaskCanceledException()),
            ("its own token ended", new OperationCanceledException(new CancellationToken(canceled: true))),
            ("statement_timeout", Refusal("57014")),
            ("lock_timeout", Refusal("55P03")),
            ("idle_in_transaction_session_timeout", Refusal("25P03")),
            ("transaction_timeout", Refusal("25P04")),
            ("the server ends", Refusal("57P01")),
            ("the server begins", Refusal("57P03")),
            ("too many connections", Refusal("53300")),
            ("a deadlock at the commit", Refusal("40P01")),
            ("the database is being restored", Refusal("3D000")),
            ("the store is closed", new ObjectDisposedException("pool")),
            ("SQLite is busy", new SqliteException("database is locked", 5)),
            ("SQLite is full", new SqliteException("database or disk is full", 13)),
        ];
        var rows = new TheoryData<string, Exception, bool>();
        foreach (var (name, failure) in failures)
        {
            rows.Add(name, failure, false);
            rows.Add(name, failure, true);
        }
        return rows;
    }

    private static PostgresException Refusal(string state) => new("refused", "ERROR", "ERROR", state);

    private Task CallAsync(bool isWrite) => CallForAsync(isWrite, Test);

    private Task CallForAsync(bool isWrite, CancellationToken caller) => isWrite
        ? _guarded.WriteAsync([_statement], caller)
        : _guarded.ReadAsync(_statement, _ => 0, caller);

    private async Task FailAsync(bool isWrite, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => CallAsync(isWrite));
        }
    }

    /// <summary>Answers as it is told.</summary>
    private sealed class ScriptedDatabase : IDatabase
    {
        public Task Answer { get; set; } = Task.CompletedTask;

        public int Calls { get; private set; }

        public void Migrate() { }

        public int Pings { get; private set; }

        public Task PingAsync(CancellationToken cancellationToken)
        {
            Pings++;
            return Answer;
        }

        public async Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        {
            Calls++;
            await Answer;
            return [];
        }

        public async Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
        {
            Calls++;
            await Answer;
            return [];
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
