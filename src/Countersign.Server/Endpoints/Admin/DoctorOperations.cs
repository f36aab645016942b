using System.Text.Json.Nodes;
using Countersign.Core.Doctor;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API promises about what it finds of its own server.</summary>
internal static class DoctorOperations
{
    public static Operation Show { get; } = new()
    {
        Id = "showDoctor",
        Tag = "server",
        Summary = "Read what is weak, broken and fine",
        Description =
            "What this server finds of its own configuration, of its store and of those whom it asks, the worst first, each with what "
            + "to do. What could not be looked at is `unknown`. The command `countersign doctor` adds what can be seen from outside alone. "
            + "More checks come with later versions.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "What was found.",
            new ObjectSchema(
                nameof(DoctorResponse), "What was found.", IsClosed: true,
                new Member(
                    "configuration",
                    Schema.Text("Tells the configuration that this server was started with from another, and nothing of what is in it."),
                    IsRequired: true),
                new Member(
                    "signingKeys",
                    Schema.List(
                        "The keys that are to be found at `/.well-known/jwks.json` of the public address.",
                        Schema.Text("The id of a key.")),
                    IsRequired: true),
                new Member("findings", Schema.List("The worst first.", Schema.Closed(
                    "What a check has found.",
                    new Member("check", Schema.Text("The id of the check, which never changes."), IsRequired: true),
                    new Member("looksAt", Schema.Text("What the check looks at: whether the store answers."), IsRequired: true),
                    new Member("state", Schema.Word("What became of it.",
                        Enum.GetValues<FindingState>().Select(DoctorReport.WordOf)), IsRequired: true),
                    new Member("about", Schema.Text("What it is about: a project, a gateway, a setting. Absent where there is only one.")),
                    new Member("says", Schema.Text("What was found, in words."), IsRequired: true),
                    new Member("do", Schema.Text("What to do; absent where nothing is to be done.")),
                    new Member("docs", Schema.Text("Where more of it stands."), IsRequired: true))), IsRequired: true)),
            Members.Object(
                ("configuration", "b1NQ8fYqvJkZ0r3m"),
                ("signingKeys", new JsonArray("k8224")),
                ("findings", new JsonArray(
                    Members.Object(
                        ("check", Checks.ProjectsTap.Id), ("looksAt", Checks.ProjectsTap.LooksAt), ("state", "weak"),
                        ("about", "shop"),
                        ("says", "One button confirms its links: a link that reaches the wrong phone proves it."),
                        ("do", Checks.ProjectsTap.Do), ("docs", "docs/live.md#3-a-relying-party")),
                    Members.Object(
                        ("check", Checks.StoreAnswers.Id), ("looksAt", Checks.StoreAnswers.LooksAt), ("state", "fine"),
                        ("says", "It does."),
                        ("docs", "docs/storage.md#when-the-store-is-away-or-slow")))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };
}
