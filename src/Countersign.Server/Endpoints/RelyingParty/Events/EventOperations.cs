using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Events;

/// <summary>What <c>GET /events</c> promises.</summary>
internal static class EventOperations
{
    private const string ExampleId = "evt_019ab3f05c1e7d2a9b643f8e2c71d05a";

    private static readonly ObjectSchema _problem = new(
        "Problem", "A refusal as RFC 9457 has it, with the house's members.", IsClosed: true,
        [
            new Member("type", Schema.Word("The code says which problem it is.", "about:blank"), IsRequired: true),
            new Member("title", Schema.Text("That of the status."), IsRequired: true),
            new Member("status", Schema.Number("The same as that of HTTP."), IsRequired: true),
            new Member("detail", Schema.Text("The same text as `message`."), IsRequired: true),
            .. Errors.Schema.Members,
        ]);

    public static Operation List { get; } = new()
    {
        Id = "listEvents",
        Tag = "events",
        Summary = "List what has happened",
        Description =
            """
            The events of your project in one order, the oldest first: those of 30 days, where the server is not set to another time. Ask
            again with the answer's `next` as `after`; nothing ever comes to stand behind a place that you have passed, so no event is
            missed and none comes twice. The events of one flow stand in the order of their `sequence`.
            """,
        Credentials = Document.AccessToken,
        Parameters =
        [
            Parameter.InQuery(EventMembers.After, ExampleId), Parameter.InQuery(EventMembers.Flow, "019ab3f0-0000-7d2a-9b64-3f8e2c71d05a"),
            Parameter.InQuery(EventMembers.Limit, 100),
        ],
        Success = new Reply(
            StatusCodes.Status200OK, "A page; empty when nothing has happened since.",
            new ObjectSchema(
                "EventListResponse", "Events.", IsClosed: true,
                new Member("events", Schema.List("In their order.", Schema.Closed("Something that has happened.", EventMembers.OfEvent)),
                    IsRequired: true),
                new Member("hasMore", Schema.Flag("Whether there are more now."), IsRequired: true),
                new Member("next", Schema.Text("What to ask with as `after` next time. Absent while there is no event at all."))),
            Members.Object(
                ("events", new JsonArray(Members.Object(
                    ("id", ExampleId), ("type", "flow.finished"), ("timestamp", "2026-01-02T03:04:05.678Z"), ("sequence", 3),
                    ("data", Members.Object(
                        ("project", "shop"), ("flow", "019ab3f0-0000-7d2a-9b64-3f8e2c71d05a"), ("product", "verified-users"),
                        ("kind", "mobile"), ("end", "identity.matched"), ("reason", "exact")))))),
                ("hasMore", false), ("next", ExampleId))),
        Refusals =
        [
            Fault.Invalid(EventMembers.Limit, "must be a whole number from 1 to 1000"), Fault.NotAuthorized, Fault.TooManyRequests,
        ],
        Error = _problem,
        ErrorType = Problem.ContentType,
        MoreOfError = fault =>
        [
            ("type", "about:blank"), ("title", Problem.TitleOf(fault)), ("status", fault.Status), ("detail", fault.Message),
        ],
    };
}
