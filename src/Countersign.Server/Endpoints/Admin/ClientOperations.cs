using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about API clients.</summary>
internal static class ClientOperations
{
    private const string Tag = "clients";
    private const string ExampleId = "shop-production";
    private const string ExampleSecret = ClientSecrets.Prefix + "example-example-example-example-example-exa";

    private static readonly Parameter _clientId = new("clientId", "path", AdminMembers.ClientId.Schema, ExampleId, IsRequired: true);

    private static readonly ObjectSchema _secret = new(
        nameof(ClientSecretResponse), "A client with its secret.", IsClosed: true,
        AdminMembers.ClientId,
        new Member("projectId", Schema.Text("The project it belongs to."), IsRequired: true),
        new Member("secret", Schema.Text(
            "The client secret. It is in this answer and nowhere else. Absent for a client that was made with keys.")),
        new Member("formerSecretExpiresAt", Schema.Time("Until then the secret before opens too; absent when it opens no more.")));

    public static Operation List { get; } = new()
    {
        Id = "listClients",
        Tag = Tag,
        Summary = "List a project's clients",
        Description = "Without their secrets, which nobody can show again.",
        Credentials = Document.AdminKey,
        Parameters = [ProjectOperations.Id],
        Success = new Reply(
            StatusCodes.Status200OK, "The clients.",
            new ObjectSchema(
                nameof(ClientListResponse), "A project's clients.", IsClosed: true,
                new Member(
                    "clients",
                    Schema.List("The clients.", Schema.Closed(
                        "A client.",
                        AdminMembers.ClientId,
                        new Member("origin", Schema.Word("Who may change it.", Enum.GetValues<ProjectOrigin>().Select(AdminWords.Of)),
                            IsRequired: true),
                        new Member("createdAt", Schema.Time("When it was made; absent for clients of the configuration.")),
                        new Member("formerSecretExpiresAt", Schema.Time("Until then it has two secrets; absent when it has one.")),
                        new Member(
                            "keys",
                            Schema.List("Its public keys.", Schema.Closed(
                                "A key.",
                                new Member("kid", Schema.Text("Its name; absent when it was given none.")),
                                new Member("alg", Schema.Text("The only algorithm that it is for; absent when it was given none.")),
                                new Member("thumbprint", Schema.Text("Its SHA-256 (RFC 7638)."), IsRequired: true))),
                            IsRequired: true))),
                    IsRequired: true)),
            Members.Object(("clients", new JsonArray(Members.Object(
                ("id", ExampleId), ("origin", "admin"), ("createdAt", "2026-01-02T03:04:05+00:00"),
                ("keys", new JsonArray())))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Create { get; } = new()
    {
        Id = "createClient",
        Tag = Tag,
        Summary = "Make an API client",
        Description =
            "The answer has its secret, once: 256 bits of chance, of which the server keeps a keyed hash. A client that is made with keys "
            + "has no secret; it shows who it is by assertions (`private_key_jwt`). A rotation gives it a secret, too.",
        Credentials = Document.AdminKey,
        Parameters = [ProjectOperations.Id],
        Body = new Body(
            new ObjectSchema(
                "CreateClientRequest", "A new client.", IsClosed: true,
                AdminMembers.ClientIdToMake, AdminMembers.Keys),
            Members.Object((AdminMembers.ClientIdToMake, ExampleId)), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status201Created, "The client was made.", _secret,
            Members.Object(("id", ExampleId), ("projectId", "shop"), ("secret", ExampleSecret))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Change { get; } = new()
    {
        Id = "changeClient",
        Tag = Tag,
        Summary = "Give a client other keys",
        Description =
            "The keys replace those that it had; its secret stays. A token ends with the key that it was got with: those of keys that are "
            + "not there any more are refused within 30 seconds on every node.",
        Credentials = Document.AdminKey,
        Parameters = [ProjectOperations.Id, _clientId],
        Body = new Body(
            new ObjectSchema(
                "ChangeClientRequest", "The keys that the client has from now on.", IsClosed: true,
                AdminMembers.Keys with { IsRequired = true }),
            Members.Object((AdminMembers.Keys, Members.Object(("keys", new JsonArray())))), IsRequired: true, Members.Json),
        Success = new Reply(StatusCodes.Status204NoContent, "It has these keys."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Rotate { get; } = new()
    {
        Id = "rotateClient",
        Tag = Tag,
        Summary = "Give a client a new secret",
        Description =
            "The one before opens for a while yet, so that nothing stands still while it is exchanged: two secrets at most, and a second "
            + "rotation "
            + "ends the older. A token ends with the secret that it was got with: with 0 the tokens of the old secret are refused within "
                + "30 seconds on every node.",
        Credentials = Document.AdminKey,
        Parameters = [ProjectOperations.Id, _clientId],
        Body = new Body(
            new ObjectSchema(
                "RotateClientRequest", "How long the secret before opens.", IsClosed: true,
                AdminMembers.ExpireOldAfterSeconds),
            Members.Object((AdminMembers.ExpireOldAfterSeconds, 3600)), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The new secret.", _secret,
            Members.Object(
                ("id", ExampleId), ("projectId", "shop"), ("secret", ExampleSecret),
                ("formerSecretExpiresAt", "2026-01-02T04:04:05+00:00"))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Delete { get; } = new()
    {
        Id = "deleteClient",
        Tag = Tag,
        Summary = "Remove an API client",
        Description = "It gets no token any more, and the tokens it has open nothing: at once on this node, within 30 seconds on others.",
        Credentials = Document.AdminKey,
        Parameters = [ProjectOperations.Id, _clientId],
        Success = new Reply(StatusCodes.Status204NoContent, "It is gone."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };
}
