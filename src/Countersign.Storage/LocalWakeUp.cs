using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Sandbox;

namespace Countersign.Storage;

/// <summary>For one process: whoever waits is here.</summary>
internal sealed class LocalWakeUp(Subscriptions subscriptions) : IWakeUp, IClockSignal
{
    public event EventHandler? ClockMoved;

    /// <summary>How many flows are waited for.</summary>
    public int Waiting => subscriptions.Count;

    public IWakeUpSubscription Subscribe(CorrelationId id) => subscriptions.Add(id);

    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        subscriptions.Signal(id);
        return Task.CompletedTask;
    }

    public void SignalAllHere() => subscriptions.SignalAll();

    public Task SignalClockAsync(CancellationToken cancellationToken)
    {
        ClockMoved?.Invoke(this, EventArgs.Empty);
        return Task.CompletedTask;
    }
}
