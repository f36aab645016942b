using System.Security.Cryptography;
using Countersign.Core;

namespace Countersign.Storage;

/// <summary>
/// Looks at the store for all who wait on this node: at the versions of their flows, in a few statements whose number does not grow with
/// every browser, and wakes those whose flow has changed. After a look that failed, by whomever, it asks the store until that answers; so
/// it does after a write of which nobody knows whether it was stored.
/// </summary>
internal sealed class FlowWatch(IDatabase database, Subscriptions subscriptions, TimeProvider time, ILogger<FlowWatch> logger)
    : BackgroundService
{
    // Ids in one statement.
    private const int MaxAtOnce = 500;

    private static readonly TimeSpan _minPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _maxPause = TimeSpan.FromMilliseconds(1500);

    /// <summary>Takes one look for all. Throws what the store throws.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var piece in subscriptions.Flows.Chunk(MaxAtOnce))
        {
            var versions = await FindVersionsAsync(piece, cancellationToken);
            foreach (var id in piece)
            {
                subscriptions.SignalUnlessSeen(id, versions.TryGetValue(id, out var version) ? version : null);
            }
        }
    }

    /// <summary>Takes one look for all; when the store does not answer, the look is taken as soon as it does.</summary>
    public async Task LookSoonAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            subscriptions.LookFailed(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var reason in subscriptions.Reasons.ReadAllAsync(stoppingToken))
        {
            var begun = time.GetTimestamp();
            var isTold = false;
            var failure = reason;
            do
            {
                // Once for an absence, however many wait and however long it takes.
                if (failure is not null && !isTold)
                {
                    isTold = true;
                    Log.StoreAway(logger, subscriptions.Count, failure);
                }
                await Task.Delay(Pause(), time, stoppingToken);
                // A reason from before a look that succeeds is made good by it.
                subscriptions.Reasons.TryRead(out _);
                failure = await FailureOfLookAsync(stoppingToken);
            }
            while (failure is not null);
            if (isTold)
            {
                Log.StoreBack(logger, time.GetElapsedTime(begun), subscriptions.Count);
            }
        }
    }

    /// <summary>Takes one look for all. Returns null, or why it failed.</summary>
    private async Task<Exception?> FailureOfLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
            return null;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return failure;
        }
    }

    // By chance, so that nodes do not all ask a store at once that has just come back.
    private static TimeSpan Pause() =>
        TimeSpan.FromMilliseconds(
            RandomNumberGenerator.GetInt32((int)_minPause.TotalMilliseconds, (int)_maxPause.TotalMilliseconds));

    private async Task<Dictionary<CorrelationId, long>> FindVersionsAsync(CorrelationId[] ids, CancellationToken cancellationToken)
    {
        var packed = new byte[ids.Length * 16];
        foreach (var (index, id) in ids.Index())
        {
            id.ToBytes().CopyTo(packed.AsSpan(index * 16));
        }
        // One value for all ids: a statement with a parameter for each would be another statement for each number of them.
        var rows = await database.ReadAsync(
            new Statement(
                """
                WITH RECURSIVE waiting (place) AS (SELECT 0 UNION ALL SELECT place + 1 FROM waiting WHERE place + 1 < @count)
                SELECT flows.id, flows.version FROM waiting JOIN flows ON flows.id = substr(@ids, 16 * place + 1, 16)
                """,
                ("@count", ids.Length),
                ("@ids", packed)),
            row => KeyValuePair.Create(CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)), row.GetInt64(1)),
            cancellationToken);
        return new Dictionary<CorrelationId, long>(rows);
    }
}
