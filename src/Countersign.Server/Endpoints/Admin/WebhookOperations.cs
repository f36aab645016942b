using System.Text.Json.Nodes;
using Countersign.Core.Events;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about webhooks.</summary>
internal static class WebhookOperations
{
    private const string Tag = "webhooks";
    private const string ExampleId = "wh_k7m2p9qrs4tu";
    private const string ExampleUrl = "https://shop.example/webhooks";
    private const string ExampleSecret = WebhookSecret.Prefix + "ZXhhbXBsZSBleGFtcGxlIGV4YW1wbGUgZXhhbXBsZSE=";

    private static readonly Parameter _id = new(
        WebhookAnswers.PathName, "path", Schema.Text("The webhook's id.", pattern: "^wh_[a-z2-9]{12}$"), ExampleId, IsRequired: true);

    private static readonly Member[] _members =
    [
        new("webhookId", Schema.Text("The webhook's id."), IsRequired: true),
        new("url", Schema.Text("Where events are sent."), IsRequired: true),
        new("types", Schema.List("Which events it gets; empty for all.", Schema.Text("A type of event.")), IsRequired: true),
        new("enabled", Schema.Flag("Whether anything is sent."), IsRequired: true),
        new("createdAt", Schema.Time("When it was made."), IsRequired: true),
        new("formerSecretEndsAt", Schema.Time("Until then two secrets sign; absent when one does.")),
        new("waiting", Schema.Number("How many events are still to be sent.", min: 0), IsRequired: true),
        new("dead", Schema.Number("How many were given up, of those that are kept.", min: 0), IsRequired: true),
    ];

    private static readonly Member _givenUp = new("givenUp", Schema.List(
        "The newest of those that were given up; absent in a list.",
        Schema.Closed(
            "An event that is not sent any more.",
            new Member("event", Schema.Text("Its id."), IsRequired: true),
            new Member("type", Schema.Text("What has happened."), IsRequired: true),
            new Member("happenedAt", Schema.Time("When."), IsRequired: true),
            new Member("at", Schema.Time("When it was given up."), IsRequired: true),
            new Member("attempts", Schema.Number("How often it was tried.", min: 0), IsRequired: true),
            new Member("outcome", Schema.Text("Of the last try: a status of HTTP, or why there was none.")))));

    private static readonly JsonObject _example = Members.Object(
        ("webhookId", ExampleId), ("url", ExampleUrl), ("types", new JsonArray("flow.finished")), ("enabled", true),
        ("createdAt", "2026-01-02T03:04:05+00:00"), ("waiting", 0), ("dead", 0));

    private static readonly ObjectSchema _secret = new(
        nameof(WebhookSecretResponse), "A webhook with its secret.", IsClosed: true,
        new Member("webhookId", Schema.Text("The webhook's id."), IsRequired: true),
        new Member("secret", Schema.Text("What deliveries are signed with. It is in this answer and nowhere else."), IsRequired: true),
        new Member("formerSecretEndsAt", Schema.Time("Until then the secret before signs too; absent when it does not.")));

    public static Operation List { get; } = New("listWebhooks", "List a project's webhooks", "Without their secrets.") with
    {
        Parameters = [ProjectOperations.Id],
        Success = new Reply(
            StatusCodes.Status200OK, "The webhooks, oldest first.",
            new ObjectSchema(
                nameof(WebhookListResponse), "A project's webhooks.", IsClosed: true,
                new Member(
                    "webhooks", Schema.List("The webhooks.", Schema.Closed("A webhook.", [.. _members, _givenUp])), IsRequired: true)),
            Members.Object(("webhooks", new JsonArray(_example.DeepClone())))),
    };

    public static Operation Create { get; } = New(
        "createWebhook", "Make a webhook",
        "What happens from now on is sent to it, signed as Standard Webhooks has it. The answer has its secret, once.") with
    {
        Parameters = [ProjectOperations.Id],
        Body = new Body(
            new ObjectSchema(
                "CreateWebhookRequest", "A new webhook.", IsClosed: true, WebhookMembers.Url with { IsRequired = true },
                WebhookMembers.Types),
            Members.Object((WebhookMembers.Url, ExampleUrl), (WebhookMembers.Types, new JsonArray("flow.finished"))), IsRequired: true,
            Members.Json),
        Success = new Reply(
            StatusCodes.Status201Created, "The webhook was made.", _secret,
            Members.Object(("webhookId", ExampleId), ("secret", ExampleSecret))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Show { get; } = New(
        "showWebhook", "Show a webhook", "With the newest of the events that were given up, and what came of the last try.") with
    {
        Success = new Reply(
            StatusCodes.Status200OK, "The webhook.",
            new ObjectSchema(nameof(WebhookResponse), "A webhook.", IsClosed: true, [.. _members, _givenUp]), _example.DeepClone()),
    };

    public static Operation Change { get; } = New(
        "changeWebhook", "Change a webhook", "What is left out stays. What waits to be sent goes to the new address.") with
    {
        Body = new Body(
            new ObjectSchema(
                "ChangeWebhookRequest", "What is to be other.", IsClosed: true, WebhookMembers.Url, WebhookMembers.Types,
                WebhookMembers.IsOn),
            Members.Object((WebhookMembers.IsOn, false)), IsRequired: true, Members.Json),
        Success = new Reply(StatusCodes.Status204NoContent, "It is changed."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Rotate { get; } = New(
        "rotateWebhook", "Give a webhook a new secret",
        "Each delivery carries two signatures for a while, so that the receiver may take either: two secrets at most, and a second "
            + "rotation ends the older.") with
    {
        Body = new Body(
            new ObjectSchema(
                "RotateWebhookRequest", "How long the secret before signs.", IsClosed: true, WebhookMembers.ExpireOldAfterSeconds),
            Members.Object((WebhookMembers.ExpireOldAfterSeconds, 3600)), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The new secret.", _secret,
            Members.Object(("webhookId", ExampleId), ("secret", ExampleSecret), ("formerSecretEndsAt", "2026-01-02T04:04:05+00:00"))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Delete { get; } = New("deleteWebhook", "Remove a webhook", "With what was still to be sent to it.") with
    {
        Success = new Reply(StatusCodes.Status204NoContent, "It is gone."),
    };

    public static Operation Test { get; } = New(
        "testWebhook", "Send a test event",
        "Sends an event of the type `webhook.test` at once, and says what came of it. It is kept nowhere and not sent again.") with
    {
        Success = new Reply(
            StatusCodes.Status200OK, "What came of it.",
            new ObjectSchema(
                nameof(WebhookTestResponse), "What came of a test event.", IsClosed: true,
                new Member("event", Schema.Text("Its id."), IsRequired: true),
                new Member("taken", Schema.Flag("Whether the receiver has taken it."), IsRequired: true),
                new Member("outcome", Schema.Text("The status of HTTP, or why there was none."), IsRequired: true)),
            Members.Object(("event", "evt_019ab3f05c1e7d2a9b643f8e2c71d05a"), ("taken", true), ("outcome", "200"))),
    };

    public static Operation Replay { get; } = New(
        "replayWebhook", "Send events again",
        "One event, those of a time that the webhook wants, or those that were given up. What waits to be sent is sent once.") with
    {
        Body = new Body(
            new ObjectSchema(
                "ReplayWebhookRequest", "Which events: `event`, `since` or `dead`.", IsClosed: true, WebhookMembers.Event,
                WebhookMembers.Since, WebhookMembers.Until, WebhookMembers.Dead),
            Members.Object((WebhookMembers.Dead, true)), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "They are sent again.",
            new ObjectSchema(
                nameof(WebhookReplayResponse), "How many are sent again.", IsClosed: true,
                new Member("count", Schema.Number("How many.", min: 0), IsRequired: true)),
            Members.Object(("count", 3))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    private static Operation New(string id, string summary, string description) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Description = description,
        Credentials = Document.AdminKey,
        Parameters = [ProjectOperations.Id, _id],
        Success = new Reply(StatusCodes.Status204NoContent, "Done."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };
}
