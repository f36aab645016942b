using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Members of the admin API's requests about webhooks.</summary>
internal static class WebhookMembers
{
    private static readonly TextShape<string> _type = Shape.Word([.. AnnouncementType.All]);

    public static Member<string?> Url { get; } = Member.Optional(
        "url", Shape.Text() with { Min = 1, Max = WebhookAddress.MaxCharacters },
        "Where events are sent. It begins with https://; in the sandbox it may be http:// to this machine. An address of a "
        + "private network, or of the server's own machine, is refused unless the server is told of that network.");

    public static ListMember<string> Types { get; } = new(
        "types", "Which events it gets. Left out or empty: all, those of later versions too.", _type, "A type of event.",
        AnnouncementType.All.Count);

    public static Member<bool?> IsOn { get; } = Member.OptionalValue(
        "enabled", Shape.Flag(), "False: nothing is sent, and what happens meanwhile is not kept for it.");

    public static Member<int> ExpireOldAfterSeconds { get; } = Member.Standard(
        "expireOldAfterSeconds", Shape.Number(0, (int)WebhookChanges.MaxOverlap.TotalSeconds, "seconds"), 24 * 3600,
        "How long the secret before signs beside the new one.");

    public static Member<Guid?> Event { get; } = Member.OptionalValue(
        "event",
        new TextShape<Guid>(text => EventJson.TryParseId(text, out var id)
            ? (id, null) : (default, "must be the id of an event: evt_ and 32 lower-case hex digits"))
        {
            Pattern = "^evt_[0-9a-f]{32}$",
        },
        "One event, whatever its type.");

    public static Member<DateTimeOffset?> Since { get; } = Member.OptionalValue(
        "since", Fields.Moment, "Those that happened from this moment on.");

    public static Member<DateTimeOffset?> Until { get; } = Member.OptionalValue(
        "until", Fields.Moment, "And before this one. Left out: now.");

    public static Member<bool> Dead { get; } = Member.Flag("dead", "Those that were given up.");

    /// <summary>What of it may be wrong only one who knows the mode and the networks can say.</summary>
    public static Uri? ReadUrl(RequestMembers body, IWebhookSender sender, bool isRequired) =>
        body.Read(Url, isRequired, text => sender.ProblemOf(text!)) is { } url ? new Uri(url) : null;
}
