using Countersign.Core.Events;

namespace Countersign.Server.Hosting;

/// <summary>Writes to the log what those who operate this should know of webhooks.</summary>
internal sealed class WebhookLog(FailureLog failures, ILogger<WebhookLog> logger) : IWebhookJournal
{
    public void Failing(Webhook webhook, WebhookOutcome outcome) =>
        Log.WebhookFailing(logger, webhook.Id, webhook.Project, outcome.Code);

    public void Recovered(Webhook webhook) => Log.WebhookRecovered(logger, webhook.Id, webhook.Project);

    public void GivenUp(Webhook webhook, string? eventId, int attempts, WebhookOutcome outcome) =>
        Log.WebhookGaveUp(logger, webhook.Id, webhook.Project, eventId ?? "that cannot be read", attempts, outcome.Code);

    public void Broken(Exception failure) => Log.EventsFailed(logger, failures.Record(failure));
}
