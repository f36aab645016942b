using System.Security.Cryptography;

namespace Countersign.Core;

/// <summary>How long calls wait for others that change the same thing, on this node and on others.</summary>
/// <param name="time">The machine's: who waits here waits for others, not for a moment.</param>
public sealed class Turns(TimeProvider time)
{
    /// <summary>The longest that a caller's call waits for other calls on the same flow, here and on other nodes.</summary>
    public static TimeSpan CallTimeout { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest that the second half of a change waits: what follows from a first one that is saved. The entry has counted, the text is
    /// out, the source was asked and paid, so giving up would lose that, or have it done again by whoever takes over.
    /// </summary>
    /// <value>
    /// 30 seconds. Callers before it are gone after <see cref="CallTimeout"/>, and the one within when its store calls have ended, five
    /// seconds each: it is reached only where nothing works, and then no caller is held for ever.
    /// </value>
    public static TimeSpan FollowUpTimeout { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _minPause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan _maxPause = TimeSpan.FromMilliseconds(256);

    /// <summary>The time that a call has from now on.</summary>
    public Turn Begin(TimeSpan timeout) => new(time, time.GetTimestamp(), timeout);

    /// <summary>
    /// Waits a moment after another node was first: longer each time, and by chance, so that nodes do not meet again at once.
    /// </summary>
    /// <param name="conflicts">How many times others were first, this one included.</param>
    /// <exception cref="UnavailableException">The time is over.</exception>
    public Task PauseAsync(int conflicts, Turn turn, CancellationToken cancellationToken)
    {
        if (turn.Left <= TimeSpan.Zero)
        {
            throw Busy();
        }
        var max = Math.Min(_minPause.TotalMicroseconds * (1 << Math.Min(conflicts, 6)), _maxPause.TotalMicroseconds);
        return Task.Delay(TimeSpan.FromMicroseconds(RandomNumberGenerator.GetInt32(0, (int)max)), time, cancellationToken);
    }

    internal static UnavailableException Busy() => new("Other calls on the same flow took too long.", TimeSpan.FromSeconds(1));
}

/// <summary>How long a call may still wait.</summary>
public readonly struct Turn(TimeProvider time, long begun, TimeSpan timeout)
{
    /// <summary>Zero or less when the time is over.</summary>
    public TimeSpan Left => timeout - time.GetElapsedTime(begun);

    internal CancellationTokenSource CreateEnd()
    {
        // Looked at once: by a second look the time may be over, and a time below zero is refused, or one that never ends.
        var left = Left;
        return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
    }
}
