using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Storage;

/// <summary>Those on this node who wait for a flow. A flow nobody waits for leaves no trace here.</summary>
internal sealed class Subscriptions
{
    private readonly ConcurrentDictionary<CorrelationId, ImmutableArray<Subscription>> _byFlow = [];

    // Room for one: many of them are one reason to ask the store.
    private readonly Channel<Exception?> _reasons = Channel.CreateBounded<Exception?>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>How many flows are waited for.</summary>
    public int Count => _byFlow.Count;

    /// <summary>The flows that are waited for.</summary>
    public CorrelationId[] Flows => [.. _byFlow.Keys];

    /// <summary>
    /// Why a look has to be taken for all: why one failed, or null after a write of which nobody knows whether it was stored.
    /// </summary>
    public ChannelReader<Exception?> Reasons => _reasons.Reader;

    public IWakeUpSubscription Add(CorrelationId id)
    {
        var subscription = new Subscription(this, id);
        _byFlow.AddOrUpdate(id, static (_, one) => [one], static (_, others, one) => others.Add(one), subscription);
        return subscription;
    }

    public void Signal(CorrelationId id)
    {
        foreach (var subscription in WaitingFor(id))
        {
            subscription.Signal();
        }
    }

    /// <summary>Signals those who have not seen this version of a flow.</summary>
    /// <param name="version">Null when the store has no such flow any more.</param>
    public void SignalUnlessSeen(CorrelationId id, long? version)
    {
        foreach (var subscription in WaitingFor(id))
        {
            if (version is not { } present || subscription.Seen < present)
            {
                subscription.Signal();
            }
        }
    }

    public void SignalAll()
    {
        foreach (var id in _byFlow.Keys)
        {
            Signal(id);
        }
    }

    public void LookFailed(Exception exception) => _reasons.Writer.TryWrite(exception);

    /// <summary>
    /// Says that a write whose caller was told that it failed is over. It may be stored all the same, and then nobody has signalled it.
    /// </summary>
    public void Refresh()
    {
        // Who comes later looks for themselves.
        if (!_byFlow.IsEmpty)
        {
            _reasons.Writer.TryWrite(null);
        }
    }

    private ImmutableArray<Subscription> WaitingFor(CorrelationId id) => _byFlow.TryGetValue(id, out var waiting) ? waiting : [];

    private void Remove(Subscription subscription)
    {
        // Others come and go at the same time: try until what was read is what is replaced.
        while (_byFlow.TryGetValue(subscription.Flow, out var present))
        {
            var rest = present.Remove(subscription);
            var isDone = rest.IsEmpty
                ? _byFlow.TryRemove(KeyValuePair.Create(subscription.Flow, present))
                : _byFlow.TryUpdate(subscription.Flow, rest, present);
            if (isDone)
            {
                return;
            }
        }
    }

    private sealed class Subscription(Subscriptions owner, CorrelationId flow) : IWakeUpSubscription
    {
        // Room for one: many signals before the next wait are one reason to look again.
        private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        private long _seen = IWakeUpSubscription.Nothing;

        public CorrelationId Flow => flow;

        /// <summary>The version that whoever waits has seen; below all versions when they have not said.</summary>
        public long Seen => Interlocked.Read(ref _seen);

        public void Signal() => _signal.Writer.TryWrite(true);

        public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(IWakeUpSubscription.Nothing, cancellationToken);

        public async Task WaitAsync(long seen, CancellationToken cancellationToken)
        {
            Interlocked.Exchange(ref _seen, seen);
            await _signal.Reader.ReadAsync(cancellationToken);
        }

        public void LookFailed(Exception exception) => owner.LookFailed(exception);

        public void Dispose() => owner.Remove(this);
    }
}
