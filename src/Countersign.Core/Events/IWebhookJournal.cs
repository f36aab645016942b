namespace Countersign.Core.Events;

/// <summary>Tells operators how deliveries go.</summary>
public interface IWebhookJournal
{
    /// <summary>A receiver has not taken what was sent, and had taken what was sent before.</summary>
    void Failing(Webhook webhook, WebhookOutcome outcome);

    /// <summary>A receiver takes what is sent again.</summary>
    void Recovered(Webhook webhook);

    /// <summary>An event is not sent any more.</summary>
    /// <param name="eventId">As the receiver would have read it; null where it cannot be read.</param>
    void GivenUp(Webhook webhook, string? eventId, int attempts, WebhookOutcome outcome);

    /// <summary>Something of this server's failed, and is done again later.</summary>
    void Broken(Exception failure);
}
