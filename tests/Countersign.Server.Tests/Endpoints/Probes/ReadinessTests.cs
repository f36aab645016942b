using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.Probes;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Endpoints.Probes;

public sealed class ReadinessTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedProbe _probe = new();
    private readonly LogLines _lines = new();
    private readonly LoggerFactory _loggers;
    private readonly Readiness _readiness;

    public ReadinessTests()
    {
        _loggers = new LoggerFactory([_lines]);
        _readiness = new Readiness(
            _probe, new FailureLog(_time, _loggers.CreateLogger<FailureLog>()), _loggers.CreateLogger<Readiness>(), _time);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _loggers.Dispose();
        _lines.Dispose();
    }

    [Fact]
    public async Task A_store_that_hangs_and_heeds_no_cancellation_is_not_waited_for_and_not_asked_again()
    {
        _probe.Answer = new TaskCompletionSource().Task;

        for (var i = 0; i < 3; i++)
        {
            var answer = _readiness.IsReadyAsync(Test);
            await _probe.Asked.Task.WaitAsync(Test);
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(await answer);
        }

        Assert.Equal(1, _probe.Times);
    }

    [Fact]
    public async Task However_many_ask_the_store_is_asked_once_a_second()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _readiness.IsReadyAsync(Test)));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        await _readiness.IsReadyAsync(Test);
        var inOneSecond = _probe.Times;
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _readiness.IsReadyAsync(Test);

        Assert.Equal((1, 2), (inOneSecond, _probe.Times));
    }

    [Fact]
    public async Task A_change_is_written_down_once_with_its_reason()
    {
        _probe.Answer = Task.FromException(new IOException("broken on purpose"));
        var answers = new List<bool>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await _readiness.IsReadyAsync(Test));
            _time.Advance(TimeSpan.FromSeconds(1));
            if (i == 2)
            {
                _probe.Answer = Task.CompletedTask;
            }
        }

        Assert.Equal([false, false, false, true, true, true], answers);
        Assert.Equal([1801, 1806, 1807], _lines.All.Select(line => line.Event.Id));
        Assert.Contains("IOException", _lines.All[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_answers_late_each_time_is_one_change()
    {
        for (var i = 0; i < 3; i++)
        {
            var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _probe.Answer = late.Task;
            var before = _probe.Times;
            var answer = _readiness.IsReadyAsync(Test);
            while (_probe.Times == before)
            {
                await Task.Yield();
            }
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(await answer);
            var next = _readiness.IsReadyAsync(Test);
            late.SetResult();
            Assert.False(await next);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _probe.Answer = Task.CompletedTask;

        Assert.True(await _readiness.IsReadyAsync(Test));

        Assert.Equal([1806, 1807], _lines.All.Select(line => line.Event.Id));
    }

    private sealed class ScriptedProbe : IStoreProbe
    {
        private int _times;

        public Task Answer { get; set; } = Task.CompletedTask;

        public int Times => _times;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task PingAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _times);
            Asked.TrySetResult();
            return Answer;
        }
    }
}
