using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.RelyingParty.Events;

/// <summary>The members of requests about events, and those of an event.</summary>
internal static class EventMembers
{
    private const int MaxOnPage = 1000;
    private const int StandardOnPage = 100;

    private static readonly TextShape<Guid> _id = new(text =>
        EventJson.TryParseId(text, out var id) ? (id, null) : (default, "must be the id of an event: evt_ and 32 lower-case hex digits"))
    {
        Pattern = "^evt_[0-9a-f]{32}$",
    };

    public static Member<Guid?> After { get; } = Member.OptionalValue(
        "after", _id, "The id of the last event that you have: what came behind it is listed. Left out: from the oldest that is kept.");

    public static Member<CorrelationId?> Flow { get; } = Member.OptionalValue(
        "flow", Fields.CorrelationId, "Of this flow alone: its correlation id.");

    public static Member<int> Limit { get; } = Member.Standard(
        "limit", Shape.Number(1, MaxOnPage), StandardOnPage, $"How many at most. Left out: {StandardOnPage}.");

    /// <summary>As it is listed, and as it is sent to webhooks.</summary>
    public static Member[] OfEvent { get; } =
    [
        new("id", Schema.Text("The same however often it is told: keep it to notice what you have had.", pattern: _id.Pattern),
            IsRequired: true),
        new("type", Schema.Word("What has happened. Later versions have more: ignore what you do not know.", AnnouncementType.All),
            IsRequired: true),
        new("timestamp", Schema.Time("When it happened."), IsRequired: true),
        new("sequence", Schema.Number("Counts the events of one flow, from 1, without a gap. Absent where it is of no flow.", min: 1)),
        new("data", Schema.Closed(
            "Codes and ids, nothing personal. What has no value is left out.",
            new Member("project", Schema.Text("Your project."), IsRequired: true),
            new Member("flow", Schema.Text("The correlation id.")),
            new Member("clientRequestId", Schema.Text("Yours, of the call that began the flow, for as long as the flow is remembered.")),
            new Member("product", Schema.Word("The flow's product.", Enum.GetValues<Product>().Select(Products.WordOf))),
            new Member("kind", Schema.Word("Where the person began.", Enum.GetValues<FlowType>().Select(FlowTypes.WordOf))),
            new Member("method", Schema.Text("The possession method that proved or failed.")),
            new Member("end", Schema.Text("How the flow ended: a code of the documents' list of ends.")),
            new Member("reason", Schema.Text("Why, as a code; of several, all with commas between them.")),
            new Member("deviceId", Schema.Text("The device that was tied or revoked.")),
            new Member("text", Schema.Word("What the text was for.", "otp", "link", "notice"))), IsRequired: true),
    ];
}
