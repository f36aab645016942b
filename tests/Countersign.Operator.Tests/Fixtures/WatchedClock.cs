using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Operator.Tests.Fixtures;

/// <summary>A clock that stands still until it is moved, and tells when somebody begins to wait on it.</summary>
internal sealed class WatchedClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<bool> _waits = Channel.CreateUnbounded<bool>();

    /// <summary>Returns when a wait has begun, and each wait counts once.</summary>
    public async Task SomebodyWaitsAsync() => await _waits.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(true);
        return timer;
    }
}
