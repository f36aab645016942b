using Countersign.Core;
using Countersign.Core.Pumping;

namespace Countersign.Server.Hosting;

/// <summary>Writes what was counted of texts to the store, every few seconds and at the end.</summary>
internal sealed class TrafficFlush(PumpingTraffic traffic, TimeProvider time, FailureLog failures, ILogger<TrafficFlush> logger)
    : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await traffic.FlushAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.TrafficNotWritten(logger, failures.Record(failure));
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(PumpingTraffic.FlushInterval, FlushAsync, failure =>
            Log.TrafficNotWritten(logger, failures.Record(failure))) { WaitsFirst = true }.RunAsync(time, stoppingToken);

    private Task FlushAsync(CancellationToken cancellationToken) => traffic.FlushAsync(cancellationToken);
}
