using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Server.Storage;

/// <summary>For one process: whoever waits is here.</summary>
internal sealed class LocalWakeUp : IWakeUp, IClockSignal
{
    private readonly Subscriptions _subscriptions = new();

    public event EventHandler? ClockMoved;

    /// <summary>How many flows are waited for.</summary>
    public int Waiting => _subscriptions.Count;

    public IWakeUpSubscription Subscribe(CorrelationId id) => _subscriptions.Add(id);

    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        _subscriptions.Signal(id);
        return Task.CompletedTask;
    }

    public void SignalAllHere() => _subscriptions.SignalAll();

    public Task SignalClockAsync(CancellationToken cancellationToken)
    {
        ClockMoved?.Invoke(this, EventArgs.Empty);
        return Task.CompletedTask;
    }
}
