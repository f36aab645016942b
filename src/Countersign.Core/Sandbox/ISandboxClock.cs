namespace Countersign.Core.Sandbox;

/// <summary>The sandbox's time, for those who move it.</summary>
public interface ISandboxClock
{
    /// <summary>Follows what the store says. Returns true when this moved the clock.</summary>
    Task<bool> FollowAsync(ISandboxClockStore store, CancellationToken cancellationToken);

    /// <summary>Moves the clock forward, for every node.</summary>
    Task AdvanceAsync(ISandboxClockStore store, TimeSpan by, CancellationToken cancellationToken);
}
