using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Sandbox;

namespace Countersign.Server.Hosting;

/// <summary>
/// Fires deadlines: a challenge that ran out tells its waiting desktop, an identity match whose asker died is asked again.
/// Nothing is wrong without it, since deadlines are judged on every read; it is only later.
/// </summary>
internal sealed class DueFlows(IFlowStore flows, FlowRunner runner, FailureLog failures, TimeProvider time, ILogger<DueFlows> logger)
    : BackgroundService, IDueWork
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private const int AtOnce = 256;

    /// <summary>Fires everything that is due now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        int due, done;
        do
        {
            due = done = 0;
            foreach (var id in await flows.FindDueAsync(time.GetUtcNow(), AtOnce, cancellationToken))
            {
                due++;
                done += await TryCatchUpAsync(id, cancellationToken) ? 1 : 0;
            }
        }
        while (due == AtOnce && done > 0);
    }

    /// <summary>A flow that cannot be read must not keep the others waiting.</summary>
    private async Task<bool> TryCatchUpAsync(Core.CorrelationId id, CancellationToken cancellationToken)
    {
        try
        {
            await runner.CatchUpAsync(id, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.FlowNotCaughtUp(logger, id, failures.Record(exception));
            return false;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_interval, CatchUpAsync, failure => Log.CatchUpFailed(logger, failures.Record(failure)))
            .RunAsync(time, stoppingToken);
}
