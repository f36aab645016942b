using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests;

public sealed class PeriodicWorkerTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly List<Exception> _failures = [];
    private int _turns;

    [Fact]
    public void A_turn_that_fails_is_logged_and_the_next_one_comes()
    {
        using var end = new CancellationTokenSource();
        var worker = new PeriodicWorker(_interval, WorkAsync, _failures.Add);

        var run = worker.RunAsync(_time, end.Token);
        _time.Advance(_interval);

        Assert.Equal(2, _turns);
        Assert.IsType<InvalidDataException>(Assert.Single(_failures));
        Assert.False(run.IsCompleted);
    }

    [Fact]
    public void One_that_waits_first_does_nothing_before_an_interval_has_passed()
    {
        using var end = new CancellationTokenSource();
        var worker = new PeriodicWorker(_interval, WorkAsync, _failures.Add) { WaitsFirst = true };

        _ = worker.RunAsync(_time, end.Token);
        var before = _turns;
        _time.Advance(_interval);

        Assert.Equal((0, 1), (before, _turns));
    }

    [Fact]
    public async Task It_ends_with_the_server_and_calls_that_no_failure()
    {
        using var end = new CancellationTokenSource();
        var worker = new PeriodicWorker(_interval, token => Task.Delay(Timeout.InfiniteTimeSpan, token), _failures.Add);

        var run = worker.RunAsync(_time, end.Token);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(_failures);
    }

    /// <summary>Fails the first time.</summary>
    private Task WorkAsync(CancellationToken cancellationToken) =>
        ++_turns == 1 ? Task.FromException(new InvalidDataException("A test has broken it.")) : Task.CompletedTask;
}
