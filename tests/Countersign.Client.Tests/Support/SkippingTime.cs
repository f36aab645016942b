using Microsoft.Extensions.Time.Testing;

namespace Countersign.Client.Tests.Support;

/// <summary>
/// A clock on which every pause is over at once; it moves on by as much and writes it down. Request time-outs do not fire.
/// </summary>
internal sealed class SkippingTime : FakeTimeProvider
{
    private readonly TimeSpan _requestTimeout = new CountersignClientOptions().RequestTimeout;

    public List<TimeSpan> Pauses { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == _requestTimeout || dueTime == Timeout.InfiniteTimeSpan)
        {
            return new NeverDue();
        }

        Pauses.Add(dueTime);
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _ = Task.Run(() => Advance(dueTime));
        return timer;
    }

    private sealed class NeverDue : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
