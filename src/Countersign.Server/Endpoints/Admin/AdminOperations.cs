using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API promises about the server.</summary>
internal static class AdminOperations
{
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
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.TooManyRequests],
    };
}
