using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Server.Hosting;

/// <summary>Does in the background what imports leave to do, and removes what has been kept long enough.</summary>
internal sealed class RecordUpkeep(
    RecordImports imports, IImportStore store, IPersonRecords records, IVerifiedNumberStore verified, RecordOptions options,
    FailureLog failures, TimeProvider time, ILogger<RecordUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    // On SQLite a piece holds the one writer for some milliseconds; flows go in between.
    private const int AtOnce = 250;

    /// <summary>Does all that is left to do now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        while (await imports.CatchUpAsync(AtOnce, cancellationToken))
        {
            // Piece by piece: others write in between.
        }
    }

    /// <summary>Removes what is past its time.</summary>
    /// <param name="remove">Takes what it is called and how a number of them is removed.</param>
    public async Task CleanAsync(Func<string, Func<int, Task<int>>, Task> remove, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = now - options.Retention;
        await remove("identity records", limit => records.RemoveOutdatedAsync(before, limit, cancellationToken));
        await remove("imports", limit => store.RemoveAsync(before, limit, cancellationToken));
        // Also where nobody is asked about recycling any more: what was noted before has its time too.
        await remove("notes of verified numbers", limit => verified.RemoveAsync(before, limit, cancellationToken));
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_interval, CatchUpAsync, failure => Log.ImportsNotCaughtUp(logger, failures.Record(failure)))
            .RunAsync(time, stoppingToken);
}
