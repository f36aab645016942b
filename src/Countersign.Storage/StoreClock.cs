using Countersign.Core;

namespace Countersign.Storage;

/// <summary>
/// The time of the store that nodes share. Deadlines are written by one node and judged by another, so they go by one clock and not by each
/// machine's. Between two measurements it runs on with the machine's monotonic timer: a machine whose clock is set or wrong changes
/// nothing.
/// </summary>
/// <param name="machine">The node's own time. It is what counts until the store was measured.</param>
internal sealed class StoreClock(TimeProvider machine) : DerivedClock(machine)
{
    // The trip of the question to the store bounds the error. The shortest of a few is taken.
    private const int Questions = 3;

    private volatile Anchor? _anchor;

    /// <summary>How far the machine's clock is ahead of the store's; negative when it is behind.</summary>
    public TimeSpan Skew => Source.GetUtcNow() - GetUtcNow();

    public override DateTimeOffset GetUtcNow() =>
        _anchor is { } anchor ? anchor.StoreTime + Source.GetElapsedTime(anchor.Timestamp) : Source.GetUtcNow();

    /// <summary>Asks the store for its time. Throws what the store throws.</summary>
    public async Task MeasureAsync(IDatabase database, CancellationToken cancellationToken)
    {
        Anchor? best = null;
        for (var i = 0; i < Questions; i++)
        {
            var measured = await AskAsync(database, cancellationToken);
            best = best is null || measured.Trip < best.Trip ? measured : best;
        }
        // What lies within the error of measurement is no difference, and no reason for time to jitter. What lies beyond it is one, however
        // long the store has taken to answer.
        if (_anchor is null || IsOff(best!))
        {
            _anchor = best;
        }
    }

    private static async Task<DateTimeOffset> ReadAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"), row =>
                row.GetInt64(0), cancellationToken);
        return DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(rows[0]);
    }

    private async Task<Anchor> AskAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var asked = Source.GetTimestamp();
        var storeTime = await ReadAsync(database, cancellationToken);
        var trip = Source.GetElapsedTime(asked);
        return new Anchor(storeTime - (trip / 2), asked, trip);
    }

    private bool IsOff(Anchor measured) =>
        (measured.StoreTime + Source.GetElapsedTime(measured.Timestamp) - GetUtcNow()).Duration() > measured.Trip / 2;

    /// <param name="StoreTime">The store's time when the machine's timer stood at <paramref name="Timestamp"/>.</param>
    private sealed record Anchor(DateTimeOffset StoreTime, long Timestamp, TimeSpan Trip);
}
