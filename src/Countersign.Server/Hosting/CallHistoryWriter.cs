using Countersign.Core;
using Countersign.Core.History;

namespace Countersign.Server.Hosting;

/// <summary>Writes the outcomes of calls that have no flow, again and again, and once more when the server stops.</summary>
internal sealed class CallHistoryWriter(CallHistory history, FailureLog failures, TimeProvider time, ILogger<CallHistoryWriter> logger)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(CallHistory.FlushInterval, WriteAsync, LogFailure) { WaitsFirst = true }.RunAsync(time, stoppingToken);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // A time of its own: that of the host may have gone by with the last calls, and what they were answered is to be kept.
        using var over = new CancellationTokenSource(Turns.CallTimeout, TimeProvider.System);
        try
        {
            await WriteAsync(over.Token).WaitAsync(over.Token);
        }
        catch (Exception failure)
        {
            LogFailure(failure);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var (dropped, failure) = await history.FlushAsync(cancellationToken);
        if (dropped > 0)
        {
            Log.OutcomesDropped(logger, dropped);
        }
        if (failure is not null)
        {
            LogFailure(failure);
        }
    }

    private void LogFailure(Exception failure) => Log.OutcomesNotWritten(logger, failures.Record(failure));
}
