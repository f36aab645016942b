namespace Countersign.Core.Flows;

/// <summary>Tells those who wait for a flow, on this node and on others, that it has changed. It carries the id and nothing else.</summary>
public interface IWakeUp
{
    /// <summary>Signals sent after this call returns are not missed.</summary>
    IWakeUpSubscription Subscribe(CorrelationId id);

    /// <param name="everywhere">False when only this node can have anybody waiting.</param>
    Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken);

    /// <summary>Lets everybody who waits on this node look again.</summary>
    void SignalAllHere();
}

public interface IWakeUpSubscription : IDisposable
{
    /// <summary>Below all versions: no look has succeeded yet.</summary>
    const long Nothing = -1;

    /// <summary>Completes at the next signal, or at one that came since the last wait.</summary>
    Task WaitAsync(CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="WaitAsync(CancellationToken)"/>, but a look that the node takes for all who wait completes it only if the flow has
    /// changed.
    /// </summary>
    /// <param name="seen">The flow's version at the last look; <see cref="Nothing"/> before the first.</param>
    Task WaitAsync(long seen, CancellationToken cancellationToken);

    /// <summary>
    /// Says that a look at the flow failed. The node then asks the store until it answers, once for all who wait, and wakes those whose
    /// flow has changed meanwhile.
    /// </summary>
    void LookFailed(Exception exception);
}
