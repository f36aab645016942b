using Countersign.Core;
using Countersign.Core.Sandbox;

namespace Countersign.Providers.Sandbox;

/// <summary>
/// The sandbox's time: that of the machine, moved forward by as much as anybody asked for, on every node and over restarts.
/// </summary>
internal sealed class SandboxClock(TimeProvider machine) : DerivedClock(machine), ISandboxClock
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => Source.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

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
