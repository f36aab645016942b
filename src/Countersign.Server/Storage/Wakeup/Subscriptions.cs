using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Server.Storage;

/// <summary>Those on this node who wait for a flow. A flow nobody waits for leaves no trace here.</summary>
internal sealed class Subscriptions
{
    private readonly ConcurrentDictionary<CorrelationId, ImmutableArray<Subscription>> _byFlow = [];

    /// <summary>How many flows are waited for.</summary>
    public int Count => _byFlow.Count;

    public IWakeUpSubscription Add(CorrelationId id)
    {
        var subscription = new Subscription(this, id);
        _byFlow.AddOrUpdate(id, static (_, one) => [one], static (_, others, one) => others.Add(one), subscription);
        return subscription;
    }

    public void Signal(CorrelationId id)
    {
        if (_byFlow.TryGetValue(id, out var waiting))
        {
            Signal(waiting);
        }
    }

    public void SignalAll()
    {
        foreach (var (_, waiting) in _byFlow)
        {
            Signal(waiting);
        }
    }

    private static void Signal(ImmutableArray<Subscription> waiting)
    {
        foreach (var subscription in waiting)
        {
            subscription.Signal();
        }
    }

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

        public CorrelationId Flow => flow;

        public void Signal() => _signal.Writer.TryWrite(true);

        public async Task WaitAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

        public void Dispose() => owner.Remove(this);
    }
}
