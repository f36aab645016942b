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
        try
        {
            await WriteAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogFailure(failure);
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (await history.FlushAsync(cancellationToken) is > 0 and var dropped)
        {
            Log.OutcomesDropped(logger, dropped);
        }
    }

    private void LogFailure(Exception failure) => Log.OutcomesNotWritten(logger, failures.Record(failure));
}
