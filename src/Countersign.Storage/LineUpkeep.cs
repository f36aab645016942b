using Countersign.Core;

namespace Countersign.Storage;

/// <summary>
/// Brings stored numbers to the one form of their lines in the background: once after an upgrade, and what servers of the former version
/// still write while they run beside this one.
/// </summary>
internal sealed class LineUpkeep(
    IdentityLines identities, RecordLines records, BareRows bare, TimeProvider time, ILogger<LineUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    // On SQLite a piece holds the one writer for some milliseconds; flows go in between.
    private const int AtOnce = 250;

    // These are looked at each time; they are told when there are more or fewer of them.
    private readonly Dictionary<string, int> _unreadable = new(StringComparer.Ordinal);

    /// <summary>Does all that is left to do now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        Tell("identities", await identities.CatchUpAsync(AtOnce, cancellationToken));
        Tell("identity records", await records.CatchUpAsync(AtOnce, cancellationToken));
        await bare.LookAsync(cancellationToken);
    }

    // What fails is a store that is away for a moment, or two nodes that are at the same row.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_interval, CatchUpAsync, failure => Log.LinesNotCaughtUp(logger, failure)).RunAsync(time, stoppingToken);

    private void Tell(string what, LineCounts counts)
    {
        if (counts.Looked > counts.Unreadable)
        {
            Log.LinesCaughtUp(logger, what, counts.Looked, counts.Moved, counts.Joined);
        }
        var before = _unreadable.GetValueOrDefault(what);
        _unreadable[what] = counts.Unreadable;
        if (counts.Unreadable > 0 && counts.Unreadable != before)
        {
            Log.LinesUnreadable(logger, what, counts.Unreadable);
        }
    }
}
