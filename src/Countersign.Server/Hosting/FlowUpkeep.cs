using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Receipts;

namespace Countersign.Server.Hosting;

/// <summary>Puts outcomes in the place of flows whose life is over, and removes what has been kept long enough.</summary>
internal sealed class FlowUpkeep(
    FlowHistory history, IFlowStore flows, IReceiptStore receipts, FailureLog failures, ILogger<FlowUpkeep> logger)
{
    /// <returns>False, with a line in the log, when something of it failed: what comes after is not held up, and all of it is done the next
    /// time.</returns>
    /// <inheritdoc cref="CleanAsync"/>
    public async Task<bool> TryCleanAsync(
        Func<string, Func<int, Task<int>>, Task> remove, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await CleanAsync(remove, now, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.CleaningFailed(logger, failures.Record(failure));
            return false;
        }
    }

    /// <param name="remove">Takes what it is called and how a number of them is removed.</param>
    private async Task CleanAsync(Func<string, Func<int, Task<int>>, Task> remove, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (history.IsKept)
        {
            if (await history.KeepAsync(now, cancellationToken) is > 0 and var kept)
            {
                Log.OutcomesKept(logger, kept);
            }
            // Not those whose outcome cannot be stored: then nothing after it is done.
            var before = now - FlowHistory.Patience;
            await remove("flows without an outcome", limit => flows.RemoveExpiredAsync(before, limit, cancellationToken));
        }
        else
        {
            await remove("flows", limit => flows.RemoveExpiredAsync(now, limit, cancellationToken));
        }
        await remove("outcomes", limit => history.ForgetAsync(now, limit, cancellationToken));
        await remove("counts of outcomes", limit => history.ForgetCountsAsync(now, limit, cancellationToken));
        await remove("pseudonyms of lines", limit => history.ForgetLinesAsync(now, limit, cancellationToken));
        await remove("receipts", limit => receipts.RemoveAsync(now, limit, cancellationToken));
        await remove("keys of receipts", limit => receipts.RemoveKeysAsync(now, limit, cancellationToken));
    }
}
