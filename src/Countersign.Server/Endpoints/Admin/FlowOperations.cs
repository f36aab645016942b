using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API promises about flows.</summary>
internal static class FlowOperations
{
    private const string Tag = "flows";

    private const string Kept =
        "A flow lives for 15 minutes; what became of it is kept for 30 days unless the server is set otherwise. ";

    private const string Nothing =
        "It names methods, gateways, states, reasons and costs; no number, no name, no text, no code and no id of the relying party's. ";

    private const string Pages =
        "Newest first. `next` is the cursor of the next page. A page may hold fewer flows than `limit`, or none, and still have a next "
        + "one: what is sealed is looked through in pieces. ";

    private const string Language =
        "The sentences of `explanation` are in the language that `Accept-Language` likes best of English, German, Spanish and French.";

    public static Member<CorrelationId> FlowId { get; } =
        Members.CorrelationId("").Of(Fields.CorrelationId with { Format = "uuid" }).Saying("The id that began the flow's answers.");

    public static Operation Show { get; } = new()
    {
        Id = "showFlow",
        Tag = Tag,
        Summary = "Read how a flow stands or ended, and what has happened to it",
        Description = $"Of whatever project that the key may see. {Nothing}{Kept}{Language} The id of the example is a placeholder.",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InPath(FlowId, Members.ExampleId)],
        Success = new Reply(StatusCodes.Status200OK, "The flow.", FlowSchema, FlowExample),
        Refusals =
        [
            Fault.Invalid(FlowId, "must be 8-4-4-4-12 lower-case hexadecimal digits"), Fault.NotAuthorized, Fault.NotPermitted,
            Fault.NotFound, Fault.TooManyRequests,
        ],
    };

    public static Operation List { get; } = new()
    {
        Id = "listFlows",
        Tag = Tag,
        Summary = "List flows, while they run and when they have ended",
        Description =
            $"Of the projects that the key may see, without `timeline` and `texts`. {Nothing}{Kept}{Pages}A parameter that there is not is "
            + $"refused. {Language}",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InQuery(AdminMembers.OnlyProject, "shop"), .. FlowParameters.All],
        Success = new Reply(StatusCodes.Status200OK, "One page.", ListSchema, ListExample(isWhole: false)),
        Refusals =
        [
            Fault.Invalid(FlowFilters.Limit, "must be a whole number from 1 to 200"), Fault.NotAuthorized, Fault.NotPermitted,
            Fault.TooManyRequests,
        ],
    };

    public static Operation Find { get; } = new()
    {
        Id = "findFlows",
        Tag = Tag,
        Summary = "Find flows by a relying party's own id or by a number",
        Description =
            "The flows, of the projects that the key may see, whose first call had this `clientRequestId` or `clientCustomerId`, or which "
            + "had this number at last. What is looked for stands in the body, so that no address and no log holds it; the answer does not "
            + $"repeat it. {Kept}{Pages}{Language}",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "FindFlowsRequest", "What to look for: one of the first three. The others narrow it.", IsClosed: true,
                [LookUp.ClientRequestId, LookUp.ClientCustomerId, LookUp.PhoneNumber, AdminMembers.OnlyProject, .. FlowFilters.All]),
            Members.Object((LookUp.ClientRequestId, "order-4711")),
            MediaTypes: [Members.Json]),
        Success = new Reply(
            StatusCodes.Status200OK, "What was found; an empty list when there is none.", ListSchema, ListExample(isWhole: true)),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Statistics { get; } = new()
    {
        Id = "showStatistics",
        Tag = Tag,
        Summary = "Count what flows came to",
        Description =
            "Of the projects that the key may see, by one thing that they have in common, with what their texts cost. Counted are flows "
            + "that are over, a minute after their life's end at the latest, and by `end` also calls that have no flow. Sums of 400 days "
            + "are kept. A parameter that there is not is refused.",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InQuery(AdminMembers.OnlyProject, "shop"), .. StatisticsParameters.All],
        Success = new Reply(
            StatusCodes.Status200OK, "The sums.", StatisticsFilters.ResponseSchema, StatisticsFilters.ExampleOf(hidden: 0)),
        Refusals =
        [
            Fault.Invalid(StatisticsFilters.Limit, "must be a whole number from 1 to 1000"), Fault.NotAuthorized, Fault.NotPermitted,
            Fault.TooManyRequests,
        ],
    };

    private static ObjectSchema ListSchema => new(
        nameof(FlowListResponse), "Flows.", IsClosed: true,
        new Member("flows", Schema.List("Newest first.", FlowSchema.Reference), IsRequired: true),
        new Member("isComplete", Schema.Flag("False when there are more."), IsRequired: true),
        new Member("next", Schema.Text("The `cursor` of the next page; absent when this is the last.")));

    private static ObjectSchema FlowSchema => new(
        nameof(FlowResponse), "A flow.", IsClosed: true,
        Members.CorrelationId("The flow's id."),
        new Member("projectId", Schema.Text("The project it belongs to."), IsRequired: true),
        new Member("product", Schema.Word("What it is for.", Enum.GetValues<Product>().Select(Products.WordOf)), IsRequired: true),
        new Member("type", Schema.Word("Where the page runs.", "mobile", "desktop", "none"), IsRequired: true),
        new Member("state", Schema.Word("Whether something may still come of it.", "running", "ended"), IsRequired: true),
        new Member("possessionResult", Schema.Word("Does the person hold the phone?", "pending", "success", "failed", "not_applicable"),
            IsRequired: true),
        new Member("verifyResult",
            Schema.Word("Does the name belong to the number? Only in verify flows.", "pending", "success", "failed")),
        new Member("decided", Schema.Flag("The browser has nothing left to do."), IsRequired: true),
        new Member("method", Schema.Text("The possession method that runs, or that proved, that failed or that was waited for.")),
        new Member("country", Schema.Text("The country of the line (ISO 3166-1 alpha-2); absent where no country's plan has it.")),
        new Member("numberChanged", Schema.Flag("`true` where the person gave another number in the browser.")),
        new Member("createdAt", Schema.Time("When it began."), IsRequired: true),
        new Member("expiresAt", Schema.Time("The end of its life: from then on it cannot be changed."), IsRequired: true),
        new Member("deadline", Schema.Time("When the running challenge ends; absent when none runs.")),
        new Member("end", Schema.Word("How it ended; absent while something may still come of it.", FlowEnd.All)),
        new Member("reason", Schema.Text("Why, in codes with commas between them; absent where the end says it all.")),
        new Member("endedAt", Schema.Time("When it ended; absent without an end.")),
        new Member("explanation", Schema.Closed(
            "The end in sentences; absent without an end.",
            new Member("language", Schema.Word("Their language.", "en", "de", "es", "fr"), IsRequired: true),
            new Member("what", Schema.Text("What happened."), IsRequired: true),
            new Member("next", Schema.Text("What is to be done now."), IsRequired: true),
            new Member("by", Schema.Word("By whom. `operator` is who runs this server.", Explanations.Actors), IsRequired: true))),
        new Member("segments", Schema.Number("How many its texts took on the air, each as often as a gateway was asked."),
            IsRequired: true),
        new Member("cost", Schema.Fraction(
            "What its texts cost; absent where the server has no prices.", 0, 1_000_000)),
        new Member("currency", Schema.Text("Of `cost` (ISO 4217); absent where the server has no prices.")),
        new Member("timeline", Schema.List("What happened, oldest first; absent in a list.", Schema.Closed(
            "One line.",
            new Member("at", Schema.Time("When."), IsRequired: true),
            new Member("what", Schema.Text("What, in words."), IsRequired: true)))),
        new Member("texts", Schema.List("What became of its texts, oldest first; absent in a list.", TextSchema)));

    private static JsonObject TextSchema => Schema.Closed(
        "One text.",
        new Member(
            "kind", Schema.Word("What it carries; `notice`: word that a browser is remembered.", "otp", "link", "notice"),
            IsRequired: true),
        new Member("state", Schema.Word("Where it stands.", Enum.GetValues<TextState>().Select(FlowWords.Of)), IsRequired: true),
        new Member("segments", Schema.Number("How many it takes on the air."), IsRequired: true),
        new Member("createdAt", Schema.Time("When it was written."), IsRequired: true),
        new Member("attempts", Schema.List("The tries to hand it to a gateway, oldest first.", Schema.Closed(
            "One try.",
            new Member("gateway", Schema.Text("The gateway's name in the configuration."), IsRequired: true),
            new Member("state", Schema.Word("Where it stands.", Enum.GetValues<AttemptState>().Select(FlowTextAttempt.WordOf)),
                IsRequired: true),
            new Member("at", Schema.Time("When that was learnt."), IsRequired: true),
            new Member("reason", Schema.Text("Why it was not taken or not delivered; absent when nothing is known.")),
            new Member("cost", Schema.Fraction(
                "What was counted for it; absent where nothing was, or it was given back.", 0, 1_000_000)))),
            IsRequired: true));

    private static JsonObject ListExample(bool isWhole)
    {
        var flow = FlowExample;
        if (!isWhole)
        {
            flow.Remove("timeline");
            flow.Remove("texts");
        }
        return Members.Object(("flows", new JsonArray(flow)), ("isComplete", true));
    }

    private static JsonObject FlowExample => Members.Object(
        (FlowId, Members.ExampleId), ("projectId", "shop"), ("product", "verified-users"), ("type", "mobile"), ("state", "ended"),
        ("possessionResult", "success"), ("verifyResult", "success"), ("decided", true), ("method", "otp"), ("country", "US"),
        ("createdAt", "2026-01-02T03:04:05+00:00"), ("expiresAt", "2026-01-02T03:19:05+00:00"), ("end", FlowEnd.Matched),
        ("endedAt", "2026-01-02T03:05:00+00:00"), ("explanation", Members.Object(
            ("language", "en"),
            ("what", "It succeeded: the name belongs to the number, and where that was asked for, the person holds the phone."),
            ("next", "There is nothing to do."), ("by", "nobody"))),
        ("segments", 2), ("cost", 0.0079), ("currency", "USD"),
        ("timeline", new JsonArray(Members.Object(("at", "2026-01-02T03:04:05+00:00"), ("what", "otp begun")))),
        ("texts", new JsonArray(Members.Object(
            ("kind", "otp"), ("state", "delivered"), ("segments", 1), ("createdAt", "2026-01-02T03:04:05+00:00"),
            ("attempts", new JsonArray(
                Members.Object(
                    ("gateway", "first"), ("state", "refused"), ("at", "2026-01-02T03:04:06+00:00"), ("reason", "not reachable")),
                Members.Object(
                    ("gateway", "second"), ("state", "delivered"), ("at", "2026-01-02T03:04:09+00:00"), ("cost", 0.0079))))))));
}
