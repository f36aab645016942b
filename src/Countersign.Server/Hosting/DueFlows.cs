using Countersign.Core.Flows;
using Countersign.Core.Texts;

namespace Countersign.Server.Hosting;

/// <summary>
/// Fires deadlines: a challenge that ran out tells its waiting desktop, an identity match whose asker died is asked again, a text that a
/// crash left queued is sent. Nothing is wrong without it, since deadlines are judged on every read; it is only later.
/// </summary>
internal sealed class DueFlows(IFlowStore flows, ITextStore texts, FlowRunner runner, TimeProvider time, ILogger<DueFlows> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int AtOnce = 256;

    // A text younger than this is on its way in the call that wanted it.
    private static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(20);

    /// <summary>Fires everything that is due now.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Core.CorrelationId> due;
        do
        {
            due = await flows.FindDueAsync(time.GetUtcNow(), AtOnce, cancellationToken);
            foreach (var id in due)
            {
                await runner.CatchUpAsync(id, cancellationToken);
            }
        }
        while (due.Count == AtOnce);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await CatchUpAsync(stoppingToken);
                await SendLeftBehindAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // A store that is away for a moment must not end this service for good.
                Log.CatchUpFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SendLeftBehindAsync(CancellationToken cancellationToken)
    {
        foreach (var text in await texts.FindQueuedAsync(time.GetUtcNow() - LeftBehind, AtOnce, cancellationToken))
        {
            Log.TextLeftQueued(logger);
            await runner.DispatchAsync(text, cancellationToken);
        }
    }
}
