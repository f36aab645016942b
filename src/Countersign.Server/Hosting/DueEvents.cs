using Countersign.Core;
using Countersign.Core.Events;

namespace Countersign.Server.Hosting;

/// <summary>Publishes what has happened, and sends it.</summary>
internal sealed class DueEvents(WebhookDeliverer deliverer, IWebhookJournal journal, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await new PeriodicWorker(_interval, deliverer.CatchUpAsync, journal.Broken).RunAsync(time, stoppingToken);
        }
        finally
        {
            // What is being sent hears of the end by the same token.
            await deliverer.SettleAsync();
        }
    }
}
