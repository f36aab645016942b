using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Receipts;

namespace Countersign.Server.Hosting;

/// <summary>Puts outcomes in the place of flows whose life is over, and removes what has been kept long enough.</summary>
internal sealed class FlowUpkeep(
    FlowHistory history, IFlowStore flows, IReceiptStore receipts, FailureLog failures, ILogger<FlowUpkeep> logger)
{
    /// <param name="remove">Takes what it is called and how a number of them is removed.</param>
    /// <returns>False, with lines in the log, when something of it failed: what comes after is not held up, and all of it is done the next
    /// time.</returns>
    public async Task<bool> TryCleanAsync(
        Func<string, Func<int, Task<int>>, Task> remove, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isDone = await TryAsync(() => history.PrepareAsync(now, cancellationToken));
        isDone &= await TryAsync(() => KeepAsync(remove, now, cancellationToken));
        (string What, Func<int, Task<int>> Remove)[] kept =
        [
            ("outcomes", limit => history.ForgetAsync(now, limit, cancellationToken)),
            ("counts of outcomes", limit => history.ForgetCountsAsync(now, limit, cancellationToken)),
            ("receipts", limit => receipts.RemoveAsync(now, limit, cancellationToken)),
            ("keys of receipts", limit => receipts.RemoveKeysAsync(now, limit, cancellationToken)),
            ("pseudonyms of lines", limit => history.ForgetLinesAsync(now, limit, cancellationToken)),
        ];
        foreach (var (what, one) in kept)
        {
            isDone &= await TryAsync(() => remove(what, one));
        }
        return isDone;
    }

    private async Task KeepAsync(Func<string, Func<int, Task<int>>, Task> remove, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await history.KeepAsync(now, cancellationToken) is > 0 and var kept && history.IsKept)
        {
            Log.OutcomesKept(logger, kept);
        }
        // Not those whose outcome cannot be stored: then this is not reached.
        var before = now - FlowHistory.Patience;
        await remove("flows without an outcome", limit => flows.RemoveExpiredAsync(before, limit, cancellationToken));
    }

    private async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            await step();
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.CleaningFailed(logger, failures.Record(failure));
            return false;
        }
    }
}
