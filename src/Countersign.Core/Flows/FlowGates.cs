namespace Countersign.Core.Flows;

/// <summary>
/// Lets one call at a time change a flow on this node, in the order in which they came. Without it, many calls on one flow would read the
/// same version, and all but one of them would be refused by the store, again and again.
/// </summary>
/// <remarks>
/// It saves work and decides nothing: what counts is the version in the store, which other nodes change too. A call that has waited need
/// not read what the one before it has just read or written.
/// </remarks>
/// <param name="time">The machine's: who waits here waits for others, not for a moment.</param>
public sealed class FlowGates(TimeProvider time)
{
    // Only flows that are being changed have a gate.
    private readonly Dictionary<CorrelationId, Gate> _gates = [];

    /// <summary>How long calls wait, here and for other nodes.</summary>
    public Turns Turns { get; } = new(time);

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

    private static async Task WaitAsync(Gate gate, Turn turn, CancellationToken cancellationToken)
    {
        using var over = turn.CreateEnd();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            await gate.Door.WaitAsync(linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Turns.Busy();
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

    /// <summary>
    /// The right to change a flow, until it is disposed of. To be disposed of once; the default one is no right and does nothing.
    /// </summary>
    public readonly struct Pass : IDisposable
    {
        private readonly FlowGates? _gates;
        private readonly CorrelationId _id;
        private readonly Gate? _gate;
        private readonly long _arrival;

        internal Pass(FlowGates gates, CorrelationId id, Gate gate, long arrival) =>
            (_gates, _id, _gate, _arrival) = (gates, id, gate, arrival);

        /// <summary>
        /// The flow as an earlier call found or left it in the store after this call had come: as good as a look of its own. Else null.
        /// </summary>
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
