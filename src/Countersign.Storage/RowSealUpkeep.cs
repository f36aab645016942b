using Countersign.Core;

namespace Countersign.Storage;

/// <summary>
/// Gives the rows of a store from before seals theirs, once, and ends the time in which rows without are taken (docs/decisions/0027).
/// </summary>
internal sealed class RowSealUpkeep(
    RowSeals rows, SigningKeyStore keys, Resealing resealing, TimeProvider machineTime, ILogger<RowSealUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMinutes(1);

    private bool _hasMarked;

    /// <summary>Finds out which store it is. To be called before the first row is read.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        rows.TakesUnsealed = !await keys.AreRowsSealedAsync(cancellationToken);
        if (rows.TakesUnsealed)
        {
            Log.RowsTakenUnsealed(logger);
        }
    }

    /// <summary>Does what is left to do now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (rows.TakesUnsealed && !await keys.AreRowsSealedAsync(cancellationToken))
        {
            // Whoever changes a row meanwhile gives it its seal, so the second look finds none; on a store with many calls a later one.
            var counts = await resealing.SealRowsAsync(cancellationToken);
            if (counts.Resealed > 0)
            {
                counts = await resealing.SealRowsAsync(cancellationToken);
            }
            if (counts.Resealed > 0)
            {
                return;
            }
        }
        if (!_hasMarked)
        {
            await keys.MarkAsync(cancellationToken);
            _hasMarked = true;
        }
        if (rows.TakesUnsealed)
        {
            rows.TakesUnsealed = false;
            Log.RowsSealed(logger);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_lookEvery, CatchUpAsync, failure => Log.RowsNotSealed(logger, failure)).RunAsync(machineTime, stoppingToken);
}
