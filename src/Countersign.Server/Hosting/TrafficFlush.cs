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
            // Also when the server must stop at once: the store gives up by itself, and what is not written is lost.
            await traffic.FlushAsync(CancellationToken.None);
        }
        catch (Exception failure)
        {
            Log.TrafficNotWritten(logger, failures.Record(failure));
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(PumpingTraffic.FlushInterval, FlushAsync, failure =>
            Log.TrafficNotWritten(logger, failures.Record(failure))) { WaitsFirst = true }.RunAsync(time, stoppingToken);

    private Task FlushAsync(CancellationToken cancellationToken) => traffic.FlushAsync(cancellationToken);
}
