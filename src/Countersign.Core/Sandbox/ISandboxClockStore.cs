namespace Countersign.Core.Sandbox;

/// <summary>Keeps how far the sandbox's clock has been moved, so that every node and every restart follows.</summary>
public interface ISandboxClockStore
{
    Task<TimeSpan> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Moves the clock forward and returns the whole offset.</summary>
    Task<TimeSpan> AdvanceAsync(TimeSpan by, CancellationToken cancellationToken);
}
