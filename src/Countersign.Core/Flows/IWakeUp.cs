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
    /// <summary>Completes at the next signal, or at one that came since the last wait.</summary>
    Task WaitAsync(CancellationToken cancellationToken);
}
