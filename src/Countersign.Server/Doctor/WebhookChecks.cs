using System.Globalization;
using Countersign.Core.Doctor;
using Countersign.Core.Events;

namespace Countersign.Server.Doctor;

/// <summary>Whether what happens reaches those who are to be told: pure.</summary>
internal static class WebhookChecks
{
    // More than a receiver that is away for some minutes has waiting.
    private const int Many = 1000;

    public static IReadOnlyList<Check> All { get; } = [Checks.WebhooksFailing, Checks.WebhooksOff];

    public static IEnumerable<Finding> Of(IReadOnlyList<SeenWebhook> webhooks, DateTimeOffset now)
    {
        var failing = webhooks.Select(one => Failing(one, now)).OfType<Finding>().ToList();
        var off = webhooks.Where(one => !one.Webhook.IsOn)
            .Select(one => Checks.WebhooksOff.IsWeak("Nothing is sent to it, and what happens meanwhile is not kept for it.") with
            {
                About = NameOf(one),
            }).ToList();
        var none = webhooks.Count == 0 ? "There is no webhook." : null;
        return
        [
            .. failing.Count > 0 ? failing : [Checks.WebhooksFailing.IsFine(none ?? "Few events wait for any, and none was given up.")],
            .. off.Count > 0 ? off : [Checks.WebhooksOff.IsFine(none ?? "All are.")],
        ];
    }

    private static Finding? Failing(SeenWebhook one, DateTimeOffset now)
    {
        if (one.Counts is { Waiting: < Many, Dead: 0 })
        {
            return null;
        }
        var words = string.Create(
            CultureInfo.InvariantCulture, $"{one.Counts.Waiting} events are waiting for it, and {one.Counts.Dead} were given up")
            + (one.LastDead is { } last ? $", the last at {Minute(last.DeadAt)} UTC ({last.Outcome ?? "no answer"})." : ".");
        var isNow = one.Counts.Waiting >= Many || one.LastDead is { } dead && now - dead.DeadAt < TimeSpan.FromDays(1);
        return (isNow ? Checks.WebhooksFailing.IsBroken(words) : Checks.WebhooksFailing.IsWeak(words)) with { About = NameOf(one) };
    }

    private static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    // An address may hold a secret of the receiver's.
    private static string NameOf(SeenWebhook one) => $"{one.Webhook.Project} {one.Webhook.Id}";
}

/// <param name="LastDead">The newest that was given up; null for none.</param>
internal sealed record SeenWebhook(Webhook Webhook, DeliveryCounts Counts, DeadDelivery? LastDead)
{
    public override string ToString() => Webhook.ToString();
}
