using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about projects.</summary>
internal static class ProjectOperations
{
    public const string Tag = "projects";

    public static Parameter Id { get; } = Parameter.InPath(AdminMembers.Id, "shop");

    private static readonly ObjectSchema _project = new(
        nameof(ProjectResponse), "A project.", IsClosed: true,
        [
            AdminMembers.Id,
            AdminMembers.Name.Saying("Persons read it on the link page.").AsRequired(),
            new Member("origin", Schema.Word("Who may change it: the admin API, or the server's configuration alone.",
                Enum.GetValues<ProjectOrigin>().Select(AdminWords.Of)), IsRequired: true),
            .. ProjectSetting.All.Select(setting => setting.Answered),
            new Member("keptSettings", Schema.List(
                "Settings whose default has become stricter since the project was made: it keeps what it had. Each is listed until a "
                    + "value is chosen for it, whichever.",
                Schema.Text("Name of the setting.")), IsRequired: true),
            new Member(
                "texts",
                Schema.List(
                    "How the wordings go over the air, the server's where the project has none of its own.",
                    Schema.Closed(
                        "One wording, with a code or a link filled in.",
                        new Member("kind", Schema.Word("What it carries.", "otp", "link"), IsRequired: true),
                        new Member("encoding", Schema.Word("UCS-2 as soon as one letter is outside the GSM alphabet.", "GSM-7", "UCS-2"),
                            IsRequired: true),
                        new Member("segments", Schema.Number("Each is paid for.", min: 1), IsRequired: true),
                        new Member("characters", Schema.Number("All of it.", min: 1), IsRequired: true),
                        new Member("advice", Schema.Text("What could be better; absent when nothing.")))),
                IsRequired: true),
        ]);

    private static readonly Reply _shown = new(StatusCodes.Status200OK, "The project.", _project, Example());

    public static Operation List { get; } = new()
    {
        Id = "listProjects",
        Tag = Tag,
        Summary = "List all projects",
        Description = "Those that the key may see, with their settings, by their ids.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "The projects.",
            new ObjectSchema(
                nameof(ProjectListResponse), "All projects.", IsClosed: true,
                new Member("projects", Schema.List("The projects, each as it is answered alone.", Listed()), IsRequired: true)),
            Members.Object(("projects", new JsonArray(Example())))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Create { get; } = new()
    {
        Id = "createProject",
        Tag = Tag,
        Summary = "Make a project",
        Description = "A relying party. It can be called for once it has an API client." + Guarded,
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "CreateProjectRequest", "A new project.", IsClosed: true,
                [AdminMembers.Id, AdminMembers.Name, .. ProjectSetting.All.Select(setting => setting.Member)]),
            Members.Object(
                (AdminMembers.Id, "shop"), (AdminMembers.Name, "Shop"), (ProjectSetting.LinkConfirmation, "match"),
                ("targetUrls", new JsonArray("https://shop.example/verified")),
                    ("countries", new JsonArray("US")),
                ("risk", Members.Object(("simSwap", "refuse")))),
            IsRequired: true, Members.Json),
        Success = _shown with
        {
            Status = StatusCodes.Status201Created, Description = "The project was made.", Example = Example("match"),
        },
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Show { get; } = new()
    {
        Id = "showProject",
        Tag = Tag,
        Summary = "Read a project's settings",
        Description = "And how its texts go over the air.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Success = _shown,
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Change { get; } = new()
    {
        Id = "changeProject",
        Tag = Tag,
        Summary = "Change a project's settings",
        Description =
            "By the rule of JSON Merge Patch (RFC 7396): what is not named stays as it is, and `null` gives a member its default, which "
            + "stands with it. A list replaces the list, and `caps` the caps; of `risk` each signal counts for itself. "
            + "Other nodes follow within 30 seconds; flows that have begun keep the wording they began with." + Guarded,
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Body = new Body(
            new ObjectSchema("ChangeProjectRequest", "What to change.", IsClosed: true,
                [AdminMembers.Name.Saying("Persons read it on the link page.").OrNull("the project's id"),
                    .. ProjectSetting.All.Select(setting => setting.Changed)]),
            Members.Object(("linkConfirmation", "match")), IsRequired: true, Members.Json),
        Success = _shown with { Example = Example("match") },
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Delete { get; } = new()
    {
        Id = "deleteProject",
        Tag = Tag,
        Summary = "Remove a project and all that is kept for it",
        Description =
            "Its clients, identities, devices, passkeys and links to other projects. There is no way back. Its running flows end with "
                + "their 15 minutes. Admin keys that are limited to it keep to it no more: made again under its id it is not theirs.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Success = new Reply(StatusCodes.Status204NoContent, "It is gone."),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    // A list of projects holds them whole.
    private static JsonObject Listed() => Schema.Closed(_project.Description, _project.Members);

    private const string Guarded =
        " A key that is limited to projects may narrow `oneCall`, `disclosesSsn`, `identityReasons` and `caps`, and not widen them (403, "
        + "8403).";

    private static JsonObject Example(string linkConfirmation = "tap") => Members.Object(
        ("id", "shop"), ("name", "Shop"), ("origin", "admin"), ("errorCodes", "standard"), ("linkConfirmation", linkConfirmation),
        ("startShape", "prefill"), ("passkeys", "off"), ("webOrigins", new JsonArray()),
        ("targetUrls", new JsonArray("https://shop.example/verified")), ("allowedWords", new JsonArray()),
        ("countries", new JsonArray("US")), ("namePolicy", "standard"), ("identityReasons", "proven"),
        ("oneCall", new JsonArray()), ("disclosesSsn", false), ("numberChange", "off"), ("deviceNotice", "server"),
        ("guessProbability", 0.00001m),
        ("risk", Members.Object(
            ("simSwap", "refuse"), ("simSwapInWeek", "report"), ("recycled", "report"), ("veryShortTenure", "report"),
            ("shortTenure", "report"), ("refusesUnknown", false))),
        ("keptSettings", new JsonArray()),
        ("texts", new JsonArray(
            Members.Object(("kind", "otp"), ("encoding", "GSM-7"), ("segments", 1), ("characters", 84)),
            Members.Object(("kind", "link"), ("encoding", "GSM-7"), ("segments", 1), ("characters", 121)))));
}
