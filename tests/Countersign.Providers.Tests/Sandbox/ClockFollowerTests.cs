using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Sandbox;
using Countersign.Providers.Sandbox;
using Countersign.Providers.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Providers.Tests.Sandbox;

public sealed class ClockFollowerTests
{
    [Fact]
    public async Task A_store_that_fails_once_is_logged_and_does_not_end_the_following()
    {
        var store = new Moody();
        var failures = new NotedFailures();
        using var logs = new LogLines();
        await using var services = new ServiceCollection()
            .AddLogging(logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(logs))
            .AddSingleton(new SandboxClock(TimeProvider.System))
            .AddSingleton<ISandboxClockStore>(store)
            .AddSingleton<IClockSignal>(store)
            .AddSingleton<IWakeUp>(new NobodyWaits())
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IFailureLog>(failures)
            .AddSingleton<IHostedService, ClockFollower>()
            .BuildServiceProvider();
        var follower = services.GetRequiredService<IHostedService>();
        await follower.StartAsync(TestContext.Current.CancellationToken);

        store.Move();
        await store.WasRead(1);
        store.Move();
        await store.WasRead(2);
        await follower.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1302], logs.All.Select(line => line.Event.Id));
        Assert.IsType<TimeoutException>(Assert.Single(failures.All));
    }

    /// <summary>Fails on the first reading.</summary>
    private sealed class Moody : ISandboxClockStore, IClockSignal
    {
        private readonly TaskCompletionSource[] _read = [new(), new()];
        private int _readings;

        public event EventHandler? ClockMoved;

        public void Move() => ClockMoved?.Invoke(this, EventArgs.Empty);

        public Task WasRead(int times) => _read[times - 1].Task;

        public Task<TimeSpan> ReadAsync(CancellationToken cancellationToken)
        {
            var reading = _readings++;
            _read[reading].SetResult();
            return reading == 0 ? throw new TimeoutException() : Task.FromResult(TimeSpan.FromHours(1));
        }

        public Task<TimeSpan> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SignalClockAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class NobodyWaits : IWakeUp
    {
        public IWakeUpSubscription Subscribe(CorrelationId id) => throw new NotSupportedException();

        public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public void SignalAllHere() { }
    }
}
