namespace Countersign.Core.Flows;

/// <summary>Asks whether the store answers.</summary>
public interface IStoreProbe
{
    /// <summary>Throws when it does not.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
