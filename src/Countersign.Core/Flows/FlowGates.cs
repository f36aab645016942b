using System.Security.Cryptography;

namespace Countersign.Core.Flows;

/// <summary>
/// Lets one call at a time change a flow on this node, in the order in which they came. Without it, many calls on one flow would read the same
/// version, and all but one of them would be refused by the store, again and again.
/// </summary>
/// <remarks>
/// It saves work and decides nothing: what counts is the version in the store, which other nodes change too. A call that has waited need not read
/// what the one before it has just read or written.
/// </remarks>
/// <param name="time">The machine's: who waits here waits for others, not for a moment.</param>
public sealed class FlowGates(TimeProvider time)
{
    /// <summary>The longest that a caller's call waits for other calls on the same flow, here and on other nodes.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest that the second half of a change waits: what follows from a first one that is saved. The entry has counted, the text is out, the
    /// source was asked and paid, so giving up would lose that, or have it done again by whoever takes over.
    /// </summary>
    /// <value>
    /// 30 seconds. Callers before it are gone after <see cref="Patience"/>, and the one within when its store calls have ended, five seconds each: it is
    /// reached only where nothing works, and then no caller is held for ever.
    /// </value>
    public static TimeSpan PatienceOfFollowUp { get; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(256);

    // Only flows that are being changed have a gate.
    private readonly Dictionary<CorrelationId, Gate> _gates = [];

    /// <summary>How many flows have a gate now.</summary>
    public int Count
    {
        get
        {
            lock (_gates)
            {
                return _gates.Count;
            }
        }
    }

    /// <summary>Waits for its turn. The next one's comes when the pass is disposed of.</summary>
    /// <param name="turn">How long the caller may wait, for its turn and for whatever it does then.</param>
    /// <exception cref="UnavailableException">The time is over.</exception>
    public async ValueTask<Pass> EnterAsync(CorrelationId id, Turn turn, CancellationToken cancellationToken)
    {
        Gate gate;
        long arrival;
        lock (_gates)
        {
            if (!_gates.TryGetValue(id, out gate!))
            {
                _gates[id] = gate = new Gate();
            }
            gate.Users++;
            arrival = ++gate.Arrivals;
        }

        try
        {
            if (!gate.Door.Wait(0, CancellationToken.None))
            {
                await WaitAsync(gate, turn, cancellationToken);
            }
        }
        catch
        {
            Leave(id, gate);
            throw;
        }
        return new Pass(this, id, gate, arrival);
    }

    /// <summary>The time that a call has from now on.</summary>
    public Turn Begin(TimeSpan patience) => new(time, time.GetTimestamp(), patience);

    /// <summary>Waits a moment after another node was first: longer each time, and by chance, so that nodes do not meet again at once.</summary>
    /// <param name="conflicts">How many times others were first, this one included.</param>
    /// <exception cref="UnavailableException">The time is over.</exception>
    public Task PauseAsync(int conflicts, Turn turn, CancellationToken cancellationToken)
    {
        if (turn.Left <= TimeSpan.Zero)
        {
            throw Busy();
        }
        var most = Math.Min(ShortestPause.TotalMicroseconds * (1 << Math.Min(conflicts, 6)), LongestPause.TotalMicroseconds);
        return Task.Delay(TimeSpan.FromMicroseconds(RandomNumberGenerator.GetInt32(0, (int)most)), time, cancellationToken);
    }

    private static UnavailableException Busy() => new("Other calls on the same flow took too long.", TimeSpan.FromSeconds(1));

    private static async Task WaitAsync(Gate gate, Turn turn, CancellationToken cancellationToken)
    {
        using var over = turn.CreateEnd();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            await gate.Door.WaitAsync(ends.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Busy();
        }
    }

    private void Leave(CorrelationId id, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users == 0)
            {
                _gates.Remove(id);
                gate.Door.Dispose();
            }
        }
    }

    /// <summary>How long a call may still wait.</summary>
    public readonly struct Turn(TimeProvider time, long begun, TimeSpan patience)
    {
        /// <summary>Zero or less when the time is over.</summary>
        public TimeSpan Left => patience - time.GetElapsedTime(begun);

        internal CancellationTokenSource CreateEnd()
        {
            // Looked at once: by a second look the time may be over, and a time below zero is refused, or one that never ends.
            var left = Left;
            return new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        }
    }

    /// <summary>The right to change a flow, until it is disposed of. To be disposed of once; the default one is no right and does nothing.</summary>
    public readonly struct Pass : IDisposable
    {
        private readonly FlowGates? _gates;
        private readonly CorrelationId _id;
        private readonly Gate? _gate;
        private readonly long _arrival;

        internal Pass(FlowGates gates, CorrelationId id, Gate gate, long arrival) => (_gates, _id, _gate, _arrival) = (gates, id, gate, arrival);

        /// <summary>The flow as an earlier call found or left it in the store after this call had come: as good as a look of its own. Else null.</summary>
        public Flow? Handed => _gate is { } gate && _arrival <= gate.LatestFor ? gate.Latest : null;

        /// <summary>The last of those who have come by now: whatever is read or written from now on is new to them.</summary>
        public long Arrivals
        {
            get
            {
                if (_gate is null)
                {
                    return 0;
                }
                lock (_gates!._gates)
                {
                    return _gate.Arrivals;
                }
            }
        }

        /// <summary>Leaves the flow to the next.</summary>
        /// <param name="arrivals"><see cref="Arrivals"/> from before it was read or written.</param>
        public void HandOn(Flow flow, long arrivals)
        {
            if (_gate is not null)
            {
                (_gate.Latest, _gate.LatestFor) = (flow, arrivals);
            }
        }

        public void Dispose()
        {
            if (_gate is not null)
            {
                _gate.Door.Release();
                _gates!.Leave(_id, _gate);
            }
        }
    }

    internal sealed class Gate
    {
        public SemaphoreSlim Door { get; } = new(1);

        /// <summary>Those within and those who wait. Read and written under the lock of all gates.</summary>
        public int Users { get; set; }

        /// <summary>How many have come since the gate was made. Read and written under the lock of all gates.</summary>
        public long Arrivals { get; set; }

        /// <summary>What the last one within knew of the flow. Read and written by whoever is within.</summary>
        public Flow? Latest { get; set; }

        /// <summary>The last arrival for whom <see cref="Latest"/> is new enough.</summary>
        public long LatestFor { get; set; }
    }
}
