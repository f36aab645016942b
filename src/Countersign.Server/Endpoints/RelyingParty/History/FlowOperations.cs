using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>What <c>/flows</c> promises.</summary>
internal static class FlowOperations
{
    private const string Tag = "flows";

    private const string Kept =
        "A flow is found while it runs, and as long afterwards as the server keeps outcomes: 30 days unless it is set otherwise. ";

    private const string Pages =
        "Newest first. `next` is the cursor of the next page; without it there is none. A page may hold fewer flows than `limit`, or "
        + "none, and still have a next one: what is sealed is looked through in pieces. A flow that ends, or whose life is over, while "
        + "you page is neither missed nor found twice.";

    private const string Language =
        "The sentences are in the language that `Accept-Language` likes best of English, German, Spanish and French.";

    public static Operation List { get; } = About(
        "listFlows", "List your project's flows",
        $"{Kept}{Pages}\n\nA parameter that there is not is refused. {Language}",
        new Reply(StatusCodes.Status200OK, "One page.", ListSchema, ListExample),
        Fault.Invalid(FlowFilters.Limit, "must be a whole number from 1 to 200")) with
    {
        Parameters = FlowParameters.All,
    };

    public static Operation Search { get; } = About(
        "searchFlows", "Find your project's flows by an id of yours or by a number",
        "The flows whose first call had this `clientRequestId` or `clientCustomerId`, or which had this number at last. It stands in the "
            + "body, so that no address and no log holds it. The filters are those of `GET /flows`, and a member that there is not is "
            + $"refused. {Kept}{Pages} {Language}",
        new Reply(StatusCodes.Status200OK, "One page; an empty one where there is none.", ListSchema, ListExample),
        Errors.Malformed) with
    {
        Body = new Body(
            new ObjectSchema(
                "SearchFlowsRequest", "What to look for: one of the first three. The others narrow it.", IsClosed: true,
                [LookUp.ClientRequestId, LookUp.ClientCustomerId, LookUp.PhoneNumber, .. FlowFilters.All]),
            Members.Object((LookUp.ClientRequestId, "order-4711")),
            IsRequired: true, Members.Json),
    };

    public static Operation Show { get; } = About(
        "getFlow", "Read how one of your flows stands, or how it ended",
        $"With what happened to it and to its texts. {Kept}{Language} The id of the example is a placeholder.",
        new Reply(StatusCodes.Status200OK, "The flow.", DetailsSchema, DetailsExample),
        Fault.Invalid(ShowFlow.Id, "must be 8-4-4-4-12 lower-case hexadecimal digits"), Fault.NotFound) with
    {
        Parameters = [Parameter.InPath(ShowFlow.Id, Members.ExampleId)],
    };

    public static Operation Cancel { get; } = About(
        "cancelFlow", "Cancel one of your flows",
        "The flow ends with `flow.cancelled`: its browser is told as at any other end, its code and its link open nothing, a text that "
            + "still waits is not sent, and from then on `evaluation` says 9918. What was proven before stays told. A flow that has ended "
            + "is refused with its end; one that was cancelled is answered as the first time. There is no body. "
            + $"{Language} The id of the example is a placeholder.",
        new Reply(StatusCodes.Status200OK, "The flow, which is cancelled.", DetailsSchema, DetailsExample),
        Fault.Invalid(ShowFlow.Id, "must be 8-4-4-4-12 lower-case hexadecimal digits"), Fault.NotFound, Fault.FlowEnded,
        CancelFlow.Busy) with
    {
        Parameters = [Parameter.InPath(ShowFlow.Id, Members.ExampleId)],
        MoreOfError = fault => [.. MoreOf(fault), .. fault.Code == Fault.FlowEnded.Code ? [("end", (JsonNode)FlowEnd.Matched)] : NoMore],
    };

    public static Operation Statistics { get; } = About(
        "getStatistics", "Count what your project's flows came to",
        "By one thing that they have in common, with what their texts cost. Counted are flows that are over, a minute after their life's "
            + "end at the latest, and by `end` also calls that have no flow. What fewer than five lines stand behind is left out, and how "
            + "many values those are is told. Sums of 400 days are kept. A parameter that there is not is refused.",
        new Reply(StatusCodes.Status200OK, "The sums.", StatisticsFilters.ResponseSchema, StatisticsFilters.ExampleOf(hidden: 2)),
        Fault.Invalid(StatisticsFilters.Limit, "must be a whole number from 1 to 1000")) with
    {
        Parameters = StatisticsParameters.All,
    };

    private static (string, JsonNode)[] NoMore => [];

    private static Member[] ItemMembers =>
    [
        Members.CorrelationId("The flow's id."),
        new("clientRequestId", Members.ClientId("As its first call gave it.")),
        new("clientCustomerId", Members.ClientId("As its first call gave it; absent when the flow's life is over.")),
        new("product", Schema.Word("What it is for.", Enum.GetValues<Product>().Select(Products.WordOf)), IsRequired: true),
        new("type", Schema.Word("Where the page runs.", "mobile", "desktop", "none"), IsRequired: true),
        new("state", Schema.Word("Whether something may still come of it.", "running", "ended"), IsRequired: true),
        new("possessionResult", Schema.Word("Does the person hold the phone?", "pending", "success", "failed", "not_applicable"),
            IsRequired: true),
        new("method", Schema.Text("The possession method that runs, or that proved, that failed or that was waited for.")),
        Members.NumberChanged,
        new("createdAt", Schema.Time("When it began."), IsRequired: true),
        new("expiresAt", Schema.Time("The end of its life."), IsRequired: true),
        new("endedAt", Schema.Time("When it ended; absent while it runs.")),
        new("end", Schema.Word("How it ended; absent while it runs.", FlowEnd.All)),
        new("reasons", Schema.List("Why, where there is something to add to the end.", Schema.Word("A reason.", FlowReason.All))),
        new("explanation", Schema.Closed(
            "The end in sentences; absent while it runs.",
            new Member("language", Schema.Word("Their language.", "en", "de", "es", "fr"), IsRequired: true),
            new Member("what", Schema.Text("What happened."), IsRequired: true),
            new Member("next", Schema.Text("What is to be done now."), IsRequired: true),
            new Member("by", Schema.Word(
                "By whom. `operator` is who runs this server.", Timeline.Explanations.Actors), IsRequired: true))),
    ];

    private static ObjectSchema ListSchema => new(
        nameof(FlowList), "One page of flows.", IsClosed: true,
        new Member("flows", Schema.List("Newest first.", Schema.Closed("A flow.", ItemMembers)), IsRequired: true),
        new Member("next", Schema.Text("The `cursor` of the next page; absent when this is the last.")));

    private static ObjectSchema DetailsSchema => new(
        "Flow", "A flow, with what happened to it.", IsClosed: true,
        [
            .. ItemMembers,
            new Member("timeline", Schema.List("What happened, oldest first.", Schema.Closed(
                "One line.",
                new Member("at", Schema.Time("When."), IsRequired: true),
                new Member("code", Schema.Text("What, as a code of docs/flow-events.md. Absent in what a former version stored.")),
                new Member("what", Schema.Text("The same in English words."), IsRequired: true))), IsRequired: true),
            new Member("texts", Schema.List("What became of its texts, oldest first.", Schema.Closed(
                "One text.",
                new Member(
                    "kind", Schema.Word("What it carries; `notice`: word that a browser is remembered.", "otp", "link", "notice"),
                    IsRequired: true),
                new Member("state", Schema.Word("Where it stands.", Enum.GetValues<TextState>().Select(FlowWords.Of)), IsRequired: true),
                new Member("segments", Schema.Number("How many it takes on the air."), IsRequired: true),
                new Member("createdAt", Schema.Time("When it was written."), IsRequired: true))), IsRequired: true),
        ]);

    private static JsonObject ItemExample => Members.Object(
        (Members.CorrelationIdName, Members.ExampleId), ("clientRequestId", "order-4711"), ("product", "verified-users"),
        ("type", "mobile"), ("state", "ended"), ("possessionResult", "success"), ("method", "otp"),
        ("createdAt", "2026-01-02T03:04:05+00:00"), ("expiresAt", "2026-01-02T03:19:05+00:00"),
        ("endedAt", "2026-01-02T03:05:00+00:00"), ("end", FlowEnd.Matched), ("explanation", Members.Object(
            ("language", "en"),
            ("what", "It succeeded: the name belongs to the number, and where that was asked for, the person holds the phone."),
            ("next", "There is nothing to do."), ("by", "nobody"))));

    private static JsonObject ListExample => Members.Object(
        ("flows", new JsonArray(ItemExample)), ("next", "AZqz8FwefSqbZD-OLHHQWg"));

    private static JsonObject DetailsExample
    {
        get
        {
            var example = ItemExample;
            example["timeline"] = new JsonArray(Members.Object(
                ("at", "2026-01-02T03:05:00+00:00"), ("code", "identity.matched"), ("what", "identity matched")));
            example["texts"] = new JsonArray(Members.Object(
                ("kind", "otp"), ("state", "delivered"), ("segments", 1), ("createdAt", "2026-01-02T03:04:06+00:00")));
            return example;
        }
    }

    private static Operation About(string id, string summary, string description, Reply success, params Fault[] refusals) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Description = description,
        Credentials = Document.AccessToken,
        Success = success,
        Refusals = [.. refusals, Fault.NotAuthorized, Fault.TooManyRequests],
        Error = Errors.Problem,
        ErrorType = Problem.ContentType,
        MoreOfError = MoreOf,
    };

    private static (string Name, JsonNode Value)[] MoreOf(Fault fault) =>
        [("type", Problem.Type), ("title", Problem.TitleOf(fault)), ("status", fault.Status), ("detail", fault.Message)];
}
