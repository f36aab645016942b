using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Makes the days' secrets a day ahead, reads those of others, and destroys those of days that are over. Rids the files of what was
/// destroyed, of lines too.
/// </summary>
internal sealed class DayKeyUpkeep(DayKeyStore store, KeyDatabase keys, TimeProvider time, ILogger<DayKeyUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan _readEvery = TimeSpan.FromMinutes(1);

    // A server that was stopped for days first makes outcomes of the flows that it finds.
    private static readonly TimeSpan _destroyEvery = TimeSpan.FromMinutes(10);

    // Twice what a statement may take.
    private static readonly TimeSpan _patience = StorageOptions.CallTimeout * 2;

    private IReadOnlyList<string> _owed = [];
    private bool _hasTold;

    /// <summary>
    /// Reads them before the first call. Where the database does not answer the server starts all the same, and calls that have to store
    /// something of short life are refused until it does.
    /// </summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The keys of this server open its store. What they do not open is of another store, which stood here before.
            foreach (var row in await store.ReadAsync(cancellationToken))
            {
                await store.RemoveAsync(row, cancellationToken);
                Log.DayKeyReplaced(logger, row.Name.Day);
            }
            await store.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (Failures.IsOfOpening(failure))
        {
            Log.DayKeysNotRead(logger, failure);
        }
    }

    /// <summary>Destroys what is due now, and rids the files of it and of what else was destroyed.</summary>
    public async Task DestroyAsync(CancellationToken cancellationToken)
    {
        if (await store.DestroyAsync(cancellationToken) is > 0 and var destroyed)
        {
            Log.DayKeysDestroyed(logger, destroyed);
        }
        await ScrubAsync(cancellationToken);
    }

    /// <summary>Rids the files of what was destroyed, and tells it once where some cannot be rid of it time and again.</summary>
    public async Task ScrubAsync(CancellationToken cancellationToken)
    {
        await keys.ScrubAsync(cancellationToken);
        var owed = keys.Owed;
        var stays = owed.Intersect(_owed, StringComparer.Ordinal).ToList();
        if (stays.Count > 0 && !_hasTold)
        {
            Log.DestroyedStays(logger, string.Join(", ", stays));
        }
        (_owed, _hasTold) = (owed, stays.Count > 0);
    }

    /// <summary>
    /// For a call that cannot wait with an await, in the rare moment when what it needs is not in memory. False when the database does not
    /// answer.
    /// </summary>
    public bool TryRead()
    {
        try
        {
            return Task.Run(() => store.ReadAsync(CancellationToken.None)).Wait(_patience);
        }
        catch (AggregateException failure) when (Failures.IsOfOpening(failure.GetBaseException()))
        {
            return false;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        ScrubAsync(stoppingToken),
        WorkerOf(_readEvery, store.ReadAsync).RunAsync(time, stoppingToken),
        WorkerOf(_destroyEvery, DestroyAsync).RunAsync(time, stoppingToken));

    private PeriodicWorker WorkerOf(TimeSpan interval, Func<CancellationToken, Task> work) =>
        new(interval, work, failure => Log.DayKeysNotRead(logger, failure)) { WaitsFirst = true };
}
