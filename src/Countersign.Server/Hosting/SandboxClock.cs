using Countersign.Core.Clock;

namespace Countersign.Server.Hosting;

/// <summary>The sandbox's time: that of the machine, moved forward by as much as anybody asked for, on every node and over restarts.</summary>
internal sealed class SandboxClock(TimeProvider machine) : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    // Waiting is not moved: whoever waits for a moment is woken when the clock jumps over it.
    public override long GetTimestamp() => machine.GetTimestamp();
    public override long TimestampFrequency => machine.TimestampFrequency;
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Follows what the store says. Returns true when this moved the clock.</summary>
    public async Task<bool> FollowAsync(ISandboxClockStore store, CancellationToken cancellationToken) =>
        Set(await store.ReadAsync(cancellationToken));

    public async Task AdvanceAsync(ISandboxClockStore store, TimeSpan by, CancellationToken cancellationToken) =>
        Set(await store.AdvanceAsync(by, cancellationToken));

    /// <summary>Never back: two readings that overtake each other must not turn time round.</summary>
    private bool Set(TimeSpan offset)
    {
        long seen;
        while ((seen = Interlocked.Read(ref _offset)) < offset.Ticks)
        {
            if (Interlocked.CompareExchange(ref _offset, offset.Ticks, seen) == seen)
            {
                return true;
            }
        }
        return false;
    }
}
