namespace Countersign.Core.Events;

/// <summary>Makes webhooks, changes them, and gives them other secrets.</summary>
public sealed class WebhookChanges(IWebhookStore webhooks, TimeProvider time)
{
    /// <summary>How long the secret before may sign beside a new one.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(7);

    public async Task<WebhookChange> CreateAsync(
        ProjectId project, Uri url, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var webhook = new Webhook(
            WebhookId.New(), project, url, types, IsOn: true, WebhookSecret.New(), time.GetUtcNow());
        return await webhooks.TryAddAsync(webhook, cancellationToken) ? new WebhookChange.Done(webhook) : new WebhookChange.TooMany();
    }

    /// <param name="change">May be called several times.</param>
    public async Task<WebhookChange> ChangeAsync(
        ProjectId project, WebhookId id, Func<Webhook, Webhook> change, CancellationToken cancellationToken)
    {
        while (await webhooks.FindAsync(id, cancellationToken) is { } webhook && webhook.Project == project)
        {
            var changed = change(webhook);
            if (await webhooks.TrySaveAsync(changed, cancellationToken))
            {
                return new WebhookChange.Done(changed with { Version = changed.Version + 1 });
            }
        }
        return new WebhookChange.NoSuchWebhook();
    }

    /// <summary>A new secret; the one before signs beside it for a while, so that a receiver may take either.</summary>
    public Task<WebhookChange> RotateAsync(ProjectId project, WebhookId id, TimeSpan overlap, CancellationToken cancellationToken)
    {
        var secret = WebhookSecret.New();
        return ChangeAsync(
            project, id,
            webhook => webhook with
            {
                Secret = secret,
                Former = overlap > TimeSpan.Zero ? new FormerWebhookSecret(webhook.Secret, time.GetUtcNow() + overlap) : null,
            },
            cancellationToken);
    }
}

/// <summary>What came of a change. A closed set.</summary>
public abstract record WebhookChange
{
    private WebhookChange() { }

    public sealed override string ToString() => GetType().Name;

    public sealed record Done(Webhook Webhook) : WebhookChange;

    public sealed record NoSuchWebhook : WebhookChange;

    /// <summary>The project has as many as it may, or is gone.</summary>
    public sealed record TooMany : WebhookChange;
}
