using Countersign.Core.Events;

namespace Countersign.Server.Endpoints.Admin;

internal sealed record WebhookListResponse(IReadOnlyList<WebhookResponse> Webhooks)
{
    public override string ToString() => $"{Webhooks.Count} webhooks";
}

/// <param name="FormerSecretEndsAt">Absent when only one secret signs.</param>
/// <param name="Waiting">How many events are still to be sent.</param>
/// <param name="Dead">How many were given up.</param>
internal sealed record WebhookResponse(
    string WebhookId, string Url, IReadOnlyList<string> Types, bool Enabled, DateTimeOffset CreatedAt, DateTimeOffset? FormerSecretEndsAt,
    long Waiting, long Dead)
{
    /// <summary>The newest of those that were given up; absent in a list.</summary>
    public IReadOnlyList<GivenUpResponse>? GivenUp { get; init; }

    public static WebhookResponse Of(Webhook webhook, DeliveryCounts counts, DateTimeOffset now) => new(
        webhook.Id.ToString(), webhook.Url.OriginalString, webhook.Types, webhook.IsOn, webhook.CreatedAt,
        webhook.Former is { } former && now < former.EndsAt ? former.EndsAt : null, counts.Waiting, counts.Dead);

    public override string ToString() => WebhookId;
}

/// <param name="Outcome">Of the last try.</param>
internal sealed record GivenUpResponse(
    string Event, string Type, DateTimeOffset HappenedAt, DateTimeOffset At, int Attempts, string? Outcome)
{
    public static GivenUpResponse Of(DeadDelivery dead) => new(
        EventJson.IdOf(dead.Event), dead.Type, dead.HappenedAt, dead.DeadAt, dead.Attempts, dead.Outcome);

    public override string ToString() => Type;
}

/// <param name="Secret">Shown here once.</param>
/// <param name="FormerSecretEndsAt">Until then the secret before signs too.</param>
internal sealed record WebhookSecretResponse(string WebhookId, string Secret, DateTimeOffset? FormerSecretEndsAt)
{
    public override string ToString() => WebhookId;
}

/// <param name="Outcome">The status, or why there is none.</param>
internal sealed record WebhookTestResponse(string Event, bool Taken, string Outcome)
{
    public override string ToString() => Outcome;
}

/// <param name="Count">How many events are sent again.</param>
internal sealed record WebhookReplayResponse(int Count);
