namespace Countersign.Core.Sandbox;

/// <summary>Tells every node that the sandbox's clock was moved. Who hears it reads the offset anew.</summary>
public interface IClockSignal
{
    /// <summary>
    /// Raised after the clock was moved, by this node or another, and whenever a move may have been missed. Must not throw or block.
    /// </summary>
    event EventHandler? ClockMoved;

    Task SignalClockAsync(CancellationToken cancellationToken);
}
