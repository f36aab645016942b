using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Identity;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about projects.</summary>
internal static class ProjectOperations
{
    public const string Tag = "projects";

    public static Parameter Id { get; } = new("id", "path", IdSchema(), "shop", IsRequired: true);

    private static readonly ObjectSchema _project = new(
        nameof(ProjectResponse), "A project.", IsClosed: true,
        [
            new Member("id", IdSchema(), IsRequired: true),
            new Member("name", NameSchema(), IsRequired: true),
            new Member("origin", Schema.Word("Who may change it: the admin API, or the server's configuration alone.", Words<ProjectOrigin>()), IsRequired: true),
            .. Settings(isAnswer: true),
            new Member("keptSettings", Schema.List(
                "Settings whose default has become stricter since the project was made: it keeps what it had. Each is listed until a value is chosen for it, whichever.",
                Schema.Text("Name of the setting.")), IsRequired: true),
            new Member(
                "texts",
                Schema.List(
                    "How the wordings go over the air, the server's where the project has none of its own.",
                    Schema.Closed(
                        "One wording, with a code or a link filled in.",
                        new Member("kind", Schema.Word("What it carries.", "otp", "link"), IsRequired: true),
                        new Member("encoding", Schema.Word("UCS-2 as soon as one letter is outside the GSM alphabet.", "GSM-7", "UCS-2"), IsRequired: true),
                        new Member("segments", Schema.Number("Each is paid for.", least: 1), IsRequired: true),
                        new Member("characters", Schema.Number("All of it.", least: 1), IsRequired: true),
                        new Member("advice", Schema.Text("What could be better; absent when nothing.")))),
                IsRequired: true),
        ]);

    private static readonly Reply _shown = new(StatusCodes.Status200OK, "The project.", _project, Example());

    public static Operation List { get; } = new()
    {
        Id = "listProjects",
        Tag = Tag,
        Summary = "List all projects",
        Description = "With their settings, by their ids.",
        Credentials = Document.AdminKey,
        Success = new Reply(
            StatusCodes.Status200OK, "The projects.",
            new ObjectSchema(
                nameof(ProjectListResponse), "All projects.", IsClosed: true,
                new Member("projects", Schema.List("The projects, each as it is answered alone.", Listed()), IsRequired: true)),
            Contract.Members.Object(("projects", new JsonArray(Example())))),
        Refusals = [Fault.NotAuthorized, Fault.TooManyRequests],
    };

    public static Operation Create { get; } = new()
    {
        Id = "createProject",
        Tag = Tag,
        Summary = "Make a project",
        Description = "A relying party. It can be called for once it has an API client.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "CreateProjectRequest", "A new project.", IsClosed: false,
                [new Member("id", IdSchema(), IsRequired: true), new Member("name", NameSchema(), IsRequired: true), .. Settings(isAnswer: false)]),
            Contract.Members.Object(
                ("id", "shop"), ("name", "Shop"), ("targetUrls", new JsonArray("https://shop.example/verified")), ("countries", new JsonArray("US")),
                ("risk", Contract.Members.Object(("simSwap", "refuse")))),
            IsRequired: true, Contract.Members.Json),
        Success = _shown with { Status = StatusCodes.Status201Created, Description = "The project was made." },
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.Conflict, Fault.TooManyRequests],
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
        Refusals = [Fault.NotAuthorized, Fault.NotFound, Fault.TooManyRequests],
    };

    public static Operation Change { get; } = new()
    {
        Id = "changeProject",
        Tag = Tag,
        Summary = "Change a project's settings",
        Description = "What is not named stays as it is; `null` gives a setting its default; a list replaces the list. Other nodes follow within 30 seconds; "
            + "flows that have begun keep the wording they began with.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Body = new Body(
            new ObjectSchema("ChangeProjectRequest", "What to change.", IsClosed: false, [new Member("name", NameSchema()), .. Settings(isAnswer: false)]),
            Contract.Members.Object(("linkConfirmation", "match")), IsRequired: true, Contract.Members.Json),
        Success = _shown with { Example = Example("match") },
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    public static Operation Delete { get; } = new()
    {
        Id = "deleteProject",
        Tag = Tag,
        Summary = "Remove a project and all that is kept for it",
        Description = "Its clients, identities, devices, passkeys and links to other projects. There is no way back. Its running flows end with their 15 minutes.",
        Credentials = Document.AdminKey,
        Parameters = [Id],
        Success = new Reply(StatusCodes.Status204NoContent, "It is gone."),
        Refusals = [Fault.NotAuthorized, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests],
    };

    // A list of projects holds them whole.
    private static JsonObject Listed() => Schema.Closed(_project.Description, _project.Members);

    private static JsonObject IdSchema() => Schema.Text(
        "The project's id. It stays.", least: 1, most: ProjectId.MaxCharacters, pattern: "^[a-z0-9][a-z0-9-]*$");

    private static JsonObject NameSchema() => Schema.Text(
        "Persons read it on the link page.", least: 1, most: ProjectRules.MostNameCharacters, pattern: Contract.Members.PrintablePattern);

    private static IEnumerable<Member> Settings(bool isAnswer)
    {
        yield return new Member("errorCodes", Schema.Word("`legacy`: 1000, 1001 and 1003 for 8000, 8001 and 8003.", Words<ErrorCodes>()), isAnswer);
        yield return new Member("linkConfirmation", Schema.Word("How the phone confirms a link: by one button, or by six digits that the desktop shows.", Words<LinkConfirmation>()), isAnswer);
        yield return new Member("startShape", Schema.Word("What follows validate: challenge and complete, or complete alone.", Words<StartShape>()), isAnswer);
        yield return new Member("passkeys", Schema.Word("Whether browsers of unify flows are asked for a passkey.", Words<Passkeys>()), isAnswer);
        yield return new Member("webOtpHost", Schema.Text("Host of the page that asks for the code; with it a WebOTP line is added to the text.", most: 253, pattern: "^[a-z0-9.-]+$"));
        yield return new Member("webOrigins", Schema.List("Origins whose pages may use the browser endpoints; empty: any.", Schema.Text("A bare origin.", pattern: "^https?://[^/]+$"), most: ProjectRules.MostEntries), isAnswer);
        yield return new Member("targetUrls", Schema.List(
            "Where a phone may be sent after its link was confirmed. In Live `finalTargetUrl` must begin with one of these: the same origin, and the path on whole segments.",
            Schema.Text("An https origin with or without a path.", most: TargetUrl.MostCharacters, pattern: "^https://[A-Za-z0-9._+=/:-]+$"), most: ProjectRules.MostEntries), isAnswer);
        yield return new Member("otpText", Schema.Text("Wording of the text with a code, where a call brings none. By the rules of `smsMessage`.", most: SmsTemplate.MostCharacters, pattern: "^[^#]*#{4,6}[^#]*$"));
        yield return new Member("linkText", Schema.Text("Wording of the text with a link, where a call brings none. By the rules of `smsMessage`.", most: SmsTemplate.MostCharacters, pattern: "^[^#]*####[^#]*$"));
        yield return new Member("allowedWords", Schema.List(
            "Names that may stand in texts although phones make links of them, without a path behind them. The hosts of `targetUrls`, `webOrigins` and "
                + "the server need not be named.",
            Schema.Text("A name of letters, digits, dots and hyphens.", least: 1, most: Wording.MostNameCharacters), most: ProjectRules.MostEntries), isAnswer);
        yield return new Member("countries", Schema.List("Countries whose numbers are admitted, of those that the server admits; empty: all of them.", Schema.Text("ISO 3166 code.", pattern: "^[A-Z]{2}$"), most: ProjectRules.MostEntries), isAnswer);
        yield return new Member("namePolicy", Schema.Word("How much two names may differ and still be one person's.", Words<NamePolicy>()), isAnswer);
        yield return new Member("identityReasons", Schema.Word(
            "Live: what is told where no possession was proven. `proven`: \"no record\" and \"another name\" are one answer. `full`: they are told apart.",
            Words<IdentityReasons>()), isAnswer);
        yield return new Member("guessProbability", Schema.Fraction(
            "How likely a code of a line may be guessed in a day. A flow may use up half of it: what permits codes of fewer than six digits in Live.",
            GuessBudget.Least, GuessBudget.Most), isAnswer);
        yield return new Member("risk", Risk(isAnswer), isAnswer);
    }

    private static JsonObject Risk(bool isAnswer)
    {
        const string description = "What is made of risk signals where possession was proven by a code or a link. `report`: told, decides nothing. `refuse`: such a possession is not accepted.";
        Member[] members =
        [
            new Member("simSwap", Rule("The SIM changed within 24 hours."), isAnswer),
            new Member("simSwapInWeek", Rule("The SIM changed within seven days, and not within 24 hours."), isAnswer),
            new Member("recycled", Rule("The number has gone to somebody else since it was last verified."), isAnswer),
            new Member("veryShortTenure", Rule("The subscriber has had the number for a very short time."), isAnswer),
            new Member("shortTenure", Rule("The subscriber has had the number for a short time."), isAnswer),
            new Member("refusesUnknown", Schema.Flag("A signal that is to be refused counts as given when nobody knows."), isAnswer),
        ];
        // A wrong name is refused here, unlike elsewhere in requests.
        return Schema.Closed(isAnswer ? description : description + " A signal that is not named stays as it is.", members);
    }

    private static JsonObject Rule(string description) => Schema.Word(description, Words<RiskRule>());

    private static IEnumerable<string> Words<T>() where T : struct, Enum => Enum.GetValues<T>().Select(ProjectSetting.WordOf);

    private static JsonObject Example(string linkConfirmation = "tap") => Contract.Members.Object(
        ("id", "shop"), ("name", "Shop"), ("origin", "admin"), ("errorCodes", "standard"), ("linkConfirmation", linkConfirmation), ("startShape", "prefill"),
        ("passkeys", "off"), ("webOrigins", new JsonArray()), ("targetUrls", new JsonArray("https://shop.example/verified")), ("allowedWords", new JsonArray()),
        ("countries", new JsonArray("US")),
        ("namePolicy", "standard"), ("identityReasons", "proven"), ("guessProbability", 0.00001m),
        ("risk", Contract.Members.Object(
            ("simSwap", "refuse"), ("simSwapInWeek", "report"), ("recycled", "report"), ("veryShortTenure", "report"), ("shortTenure", "report"),
            ("refusesUnknown", false))),
        ("keptSettings", new JsonArray()),
        ("texts", new JsonArray(
            Contract.Members.Object(("kind", "otp"), ("encoding", "GSM-7"), ("segments", 1), ("characters", 79)),
            Contract.Members.Object(("kind", "link"), ("encoding", "GSM-7"), ("segments", 1), ("characters", 115)))));
}
