using System.Text.Json.Nodes;
using Countersign.Core.Administration;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about its own keys.</summary>
internal static class KeyOperations
{
    private const string Tag = "keys";

    public static Operation List { get; } = new()
    {
        Id = "listKeys",
        Tag = Tag,
        Summary = "List who may call the admin API",
        Description =
            "Keys of the configuration, then those that were made here, also those that have ended; without secrets. A key that is limited "
            + "to projects sees itself and those that keep to these projects.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "The keys.",
            new ObjectSchema(
                nameof(AdminKeyListResponse), "Keys of the admin API.", IsClosed: true,
                new Member("keys", Schema.List("The keys.", Schema.Closed(
                    "One key.",
                    [
                        KeyMembers.Name.Answered("Its name.", isRequired: true),
                        new Member("origin", Schema.Word("Who may end it: the admin API, or the server's configuration alone.",
                            KeyWords.FromConfiguration, KeyWords.FromAdmin), IsRequired: true),
                        ScopesAnswered(),
                        ProjectsAnswered(),
                        new Member("createdAt", Schema.Time("When it was made; absent for keys of the configuration.")),
                        new Member("createdBy", Schema.Text("The key that made it; absent for keys of the configuration.")),
                        new Member("expiresAt", Schema.Time("From then on it opens nothing; absent for never.")),
                        new Member("endedAt", Schema.Time("When it was ended; absent while nobody has.")),
                    ])), IsRequired: true)),
            Members.Object(("keys", new JsonArray(Members.Object(
                ("name", "desk"), ("origin", "admin"), ("scopes", new JsonArray("support")), ("projects", new JsonArray("shop")),
                ("createdAt", "2026-01-02T03:04:05+00:00"), ("createdBy", "ops")))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Create { get; } = new()
    {
        Id = "createKey",
        Tag = Tag,
        Summary = "Make a key of the admin API",
        Description =
            "The answer shows it, once. It has no scope and no project that the key which makes it does not have: a project of others is "
            + "answered as one that does not exist. One refusal tells all that is wrong, with the least of its statuses. It opens on every "
            + "node at once or within 30 seconds.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "CreateKeyRequest", "A new key.", IsClosed: true,
                KeyMembers.Name, KeyMembers.Scopes, KeyMembers.Projects, KeyMembers.ExpiresAt),
            Members.Object((KeyMembers.Name, "reports"), (KeyMembers.Scopes, new JsonArray("read"))),
            MediaTypes: [Members.Json]),
        Success = new Reply(
            StatusCodes.Status201Created, "The key was made.",
            new ObjectSchema(
                nameof(AdminKeySecretResponse), "A new key.", IsClosed: true,
                KeyMembers.Name.Answered("Its name.", isRequired: true),
                new Member(
                    "key", Schema.Text("What `Authorization: Bearer` takes. Shown once; only a hash of it is kept."), IsRequired: true),
                ScopesAnswered(),
                ProjectsAnswered(),
                new Member("expiresAt", Schema.Time("From then on it opens nothing; absent for never."))),
            Members.Object(
                ("name", "reports"), ("key", AdminKeySecrets.Prefix + "EXAMPLE-4eC39HqLyjWDarjtT1zdp7dc0000000000"),
                ("scopes", new JsonArray("read")))),
        Refusals =
        [
            Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests,
        ],
    };

    public static Operation End { get; } = new()
    {
        Id = "endKey",
        Tag = Tag,
        Summary = "End a key of the admin API",
        Description =
            "It opens nothing any more: at once on this node, within 30 seconds on others. It stays in the list, and its name is not used "
            + "again. Keys that it has made stay: `createdBy` in the list names it. Whoever has the scope ends any key that they see, "
            + "whatever its scopes; a key ends itself without the scope, and also when the projects that it kept to are gone. A key of the "
            + "configuration is taken out there (409).",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InPath(KeyMembers.Name, "desk")],
        Success = new Reply(StatusCodes.Status204NoContent, "It has ended."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    /// <summary>The scopes of a key in an answer.</summary>
    public static Member ScopesAnswered() => new(
        KeyMembers.Scopes.Name,
        Schema.List("What it may do.", Schema.Word("A scope.", AdminScopes.All.Select(AdminScopes.WordOf))), IsRequired: true);

    /// <summary>The projects of a key in an answer.</summary>
    public static Member ProjectsAnswered() =>
        new(KeyMembers.Projects.Name, Schema.List("The projects that it keeps to; absent for all.", Schema.Text("A project's id.")));
}
