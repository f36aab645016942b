namespace Countersign.Core.Events;

/// <summary>Keeps webhooks, and what is still to be sent to each.</summary>
public interface IWebhookStore
{
    /// <summary>A project's, oldest first. One that is not as it was written is not there.</summary>
    Task<IReadOnlyList<Webhook>> ListAsync(ProjectId project, CancellationToken cancellationToken);

    /// <summary>Null when there is none, whosever it is.</summary>
    Task<Webhook?> FindAsync(WebhookId id, CancellationToken cancellationToken);

    /// <summary>False where the project is gone, or has as many as it may.</summary>
    Task<bool> TryAddAsync(Webhook webhook, CancellationToken cancellationToken);

    /// <summary>False if somebody was first, or it is gone.</summary>
    Task<bool> TrySaveAsync(Webhook webhook, CancellationToken cancellationToken);

    /// <summary>With what was still to be sent to it. False if there is none.</summary>
    Task<bool> RemoveAsync(ProjectId project, WebhookId id, CancellationToken cancellationToken);

    /// <summary>The webhooks that something is due for.</summary>
    Task<IReadOnlyList<WebhookId>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Takes what is due for a webhook, the longest due first: until <paramref name="until"/> nobody else gets it.
    /// </summary>
    Task<IReadOnlyList<Delivery>> ClaimAsync(
        WebhookId id, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken);

    /// <summary>The receiver has it. Nothing happens where the delivery is not this claim's any more.</summary>
    Task FinishAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>It is to be tried again, or, where <paramref name="next"/> is null, it is not.</summary>
    Task FailAsync(
        Delivery delivery, WebhookOutcome outcome, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many are to be sent, and how many were given up.</summary>
    Task<DeliveryCounts> CountAsync(WebhookId id, CancellationToken cancellationToken);

    /// <summary>Those that were given up, newest first.</summary>
    Task<IReadOnlyList<DeadDelivery>> ListDeadAsync(WebhookId id, int limit, CancellationToken cancellationToken);

    /// <summary>Sends events again that are kept: those of the project that fit, in their order. Returns how many.</summary>
    Task<int> ReplayAsync(Webhook webhook, ReplayedEvents which, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Something to be sent.</summary>
/// <param name="Event">Null where it cannot be read.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="FirstAt">When it was first tried: now, where it has not been.</param>
/// <param name="Lease">Names the claim.</param>
public sealed record Delivery(WebhookId Webhook, long Position, PublishedEvent? Event, int Attempts, DateTimeOffset FirstAt, byte[] Lease)
{
    public override string ToString() => $"after {Attempts}";
}

public sealed record DeliveryCounts(long Waiting, long Dead)
{
    public override string ToString() => $"{Waiting} waiting, {Dead} dead";
}

/// <param name="Outcome">Of the last try: <see cref="WebhookOutcome.Code"/>.</param>
public sealed record DeadDelivery(Guid Event, string Type, DateTimeOffset HappenedAt, DateTimeOffset DeadAt, int Attempts, string? Outcome)
{
    public override string ToString() => Type;
}

/// <summary>Which events are sent again. A closed set.</summary>
public abstract record ReplayedEvents
{
    private ReplayedEvents() { }

    public sealed override string ToString() => GetType().Name;

    public sealed record One(Guid Id) : ReplayedEvents;

    /// <summary>Those that happened from the first moment on and before the second, of the types that the webhook wants.</summary>
    public sealed record Between(DateTimeOffset Since, DateTimeOffset Until) : ReplayedEvents;

    /// <summary>Those that were given up.</summary>
    public sealed record Dead : ReplayedEvents;
}
