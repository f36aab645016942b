using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about the server and its flows.</summary>
internal static class AdminOperations
{
    public static Member<CorrelationId> FlowId { get; } =
        Members.CorrelationId("").Of(Fields.CorrelationId with { Format = "uuid" }).Saying("The id that began the flow's answers.");

    public static Operation Server { get; } = new()
    {
        Id = "showServer",
        Tag = "server",
        Summary = "Read which server this is",
        Description = "Its version, mode and public address, and the name of the key that was used with what it may do.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "The server.",
            new ObjectSchema(
                nameof(ServerResponse), "A server.", IsClosed: true,
                new Member("version", Schema.Text("Its version."), IsRequired: true),
                new Member("mode", Schema.Word("Which adapters stand behind it.", "sandbox", "live"), IsRequired: true),
                new Member("publicUrl", Schema.Text("Origin under which browsers and phones reach it.", format: "uri"), IsRequired: true),
                new Member("key", Schema.Text("Name of the admin key that was used."), IsRequired: true),
                KeyOperations.ScopesAnswered(),
                KeyOperations.ProjectsAnswered()),
            Members.Object(
                ("version", "0.1.0"), ("mode", "live"), ("publicUrl", "https://id.example.com"), ("key", "reports"),
                ("scopes", new System.Text.Json.Nodes.JsonArray("read")), ("projects", new System.Text.Json.Nodes.JsonArray("shop")))),
        Refusals = [Fault.NotAuthorized, Fault.TooManyRequests],
    };

    public static Operation Flow { get; } = new()
    {
        Id = "showFlow",
        Tag = "flows",
        Summary = "Read how a flow stands and what has happened to it",
        Description =
            "Of whatever project that the key may see. It names methods, gateways, states and reasons; no number, no name, no text and no "
            + "code. A flow lives for 15 minutes; what became of it is kept for 30 days unless the server is set otherwise. The id of the "
            + "example is a placeholder.",
        Credentials = Document.AdminKey,
        Parameters =
        [
            Parameter.InPath(FlowId, Members.ExampleId),
        ],
        Success = new Reply(
            StatusCodes.Status200OK, "The flow.",
            FlowSchema, FlowExample),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation FindFlows { get; } = new()
    {
        Id = "findFlows",
        Tag = "flows",
        Summary = "Find flows by a relying party's own id or by a number",
        Description =
            "The flows that live, of the projects that the key may see, whose first call had this `clientRequestId` or `clientCustomerId`, "
            + "or which have this number now. "
            + "What is looked for stands in the body, so that no address and no log holds it; the answer does not repeat it. After their "
                + "15 minutes flows are not found.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "FindFlowsRequest", "What to look for: one of the three.", IsClosed: true,
                AdminMembers.ClientRequestId,
                AdminMembers.ClientCustomerId,
                AdminMembers.PhoneNumber),
            Members.Object((AdminMembers.ClientRequestId, "order-4711")),
            MediaTypes: [Members.Json]),
        Success = new Reply(
            StatusCodes.Status200OK, "What was found; an empty list when there is none.",
            new ObjectSchema(
                nameof(FlowListResponse), "Flows.", IsClosed: true,
                new Member(
                    "flows", Schema.List($"Newest first, {FindAdminFlows.MaxFlows} at most.", FlowSchema.Reference), IsRequired: true),
                new Member("isComplete", Schema.Flag("False when there are more."), IsRequired: true)),
            Members.Object(("flows", new System.Text.Json.Nodes.JsonArray(FlowExample)), ("isComplete", true))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static ObjectSchema FlowSchema => new ObjectSchema(
        nameof(FlowResponse), "A flow.", IsClosed: true,
        Members.CorrelationId("The flow's id."),
        new Member("projectId", Schema.Text("The project it belongs to."), IsRequired: true),
        new Member("product", Schema.Word("What it is for.", "verified-users", "pre-fill", "unify"), IsRequired: true),
        new Member("type", Schema.Word("Where the page runs.", "mobile", "desktop", "none"), IsRequired: true),
        new Member("possessionResult", Schema.Word("Does the person hold the phone?", "pending", "success", "failed", "not_applicable"),
            IsRequired: true),
        new Member("verifyResult",
            Schema.Word("Does the name belong to the number? Only in verify flows.", "pending", "success", "failed")),
        new Member("decided", Schema.Flag("The browser has nothing left to do."), IsRequired: true),
        new Member("method", Schema.Text(
            "The possession method that runs, or runs next; absent when possession is decided. When the flow's life is over: the method "
            + "that proved, that failed, or that was waited for.")),
        new Member("createdAt", Schema.Time("When it began."), IsRequired: true),
        new Member("expiresAt", Schema.Time("The end of its life: from then on it cannot be changed."), IsRequired: true),
        new Member("deadline", Schema.Time("When the running challenge ends; absent when none runs.")),
        new Member("end", Schema.Word("How it ended; absent while something may still come of it.", FlowEnd.All)),
        new Member("reason", Schema.Text("Why, in codes with commas between them; absent where the end says it all.")),
        new Member("endedAt", Schema.Time("When it ended; absent without an end.")),
        new Member("timeline", Schema.List("What happened, oldest first.", Schema.Closed(
            "One line.",
            new Member("at", Schema.Time("When."), IsRequired: true),
            new Member("what", Schema.Text("What, in words."), IsRequired: true))), IsRequired: true),
        new Member("texts", Schema.List("What became of its texts, oldest first.", Schema.Closed(
            "One text.",
            new Member(
                "kind", Schema.Word("What it carries; `notice`: word that a browser is remembered.", "otp", "link", "notice"),
                IsRequired: true),
            new Member("state", Schema.Word("Where it stands.", Enum.GetValues<TextState>().Select(AdminWords.Of)), IsRequired: true),
            new Member("createdAt", Schema.Time("When it was written."), IsRequired: true),
            new Member("attempts", Schema.List("The tries to hand it to a gateway, oldest first.", Schema.Closed(
                "One try.",
                new Member("gateway", Schema.Text("The gateway's name in the configuration."), IsRequired: true),
                new Member("state", Schema.Word("Where it stands.", Enum.GetValues<AttemptState>().Select(FlowTextAttempt.WordOf)),
                    IsRequired: true),
                new Member("at", Schema.Time("When that was learnt."), IsRequired: true),
                new Member("reason", Schema.Text("Why it was not taken or not delivered; absent when nothing is known.")))),
                IsRequired: true))), IsRequired: true));

    private static System.Text.Json.Nodes.JsonObject FlowExample => Members.Object(
        (FlowId, Members.ExampleId), ("projectId", "shop"), ("product", "verified-users"), ("type", "mobile"),
        ("possessionResult", "pending"), ("verifyResult", "pending"), ("decided", false), ("method", "otp"),
        ("createdAt", "2026-01-02T03:04:05+00:00"), ("expiresAt", "2026-01-02T03:19:05+00:00"), ("deadline", "2026-01-02T03:06:05+00:00"),
        ("timeline", new System.Text.Json.Nodes.JsonArray(Members.Object(("at", "2026-01-02T03:04:05+00:00"), ("what", "otp begun")))),
        ("texts", new System.Text.Json.Nodes.JsonArray(Members.Object(
            ("kind", "otp"), ("state", "sent"), ("createdAt", "2026-01-02T03:04:05+00:00"),
            ("attempts", new System.Text.Json.Nodes.JsonArray(
                Members.Object(
                    ("gateway", "first"), ("state", "refused"), ("at", "2026-01-02T03:04:06+00:00"), ("reason", "not reachable")),
                Members.Object(("gateway", "second"), ("state", "accepted"), ("at", "2026-01-02T03:04:06+00:00"))))))));
}
