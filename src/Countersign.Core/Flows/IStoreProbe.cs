namespace Countersign.Core.Flows;

/// <summary>Asks whether the store answers and takes a write.</summary>
public interface IStoreProbe
{
    /// <summary>Throws when it does not. Leaves nothing behind.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
