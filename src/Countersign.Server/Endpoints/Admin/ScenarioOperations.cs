using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Scenarios;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API promises about scenarios. What each member means is in docs/scenarios.md.</summary>
internal static class ScenarioOperations
{
    private const string Tag = "scenarios";

    private const string Fields = "docs/scenarios.md has a line for each member. ";

    public static Operation Export { get; } = new()
    {
        Id = "exportScenario",
        Tag = Tag,
        Summary = "Make a test of a flow that has ended",
        Description =
            "What was done in it, what was answered and when, and what came of it, for `POST /admin/scenarios/run`. It holds codes, "
            + "offsets and names of gateways and sources; no number, no name, no text, no code, no id and no day. A flow that still runs, "
            + $"or of which too little is known, has none (409, with the reason). {Fields}",
        Credentials = Document.AdminKey,
        Parameters = [Parameter.InPath(FlowOperations.FlowId, Members.ExampleId)],
        Success = new Reply(StatusCodes.Status200OK, "The scenario.", Whole, Example()),
        Refusals =
        [
            Fault.Invalid(FlowOperations.FlowId, "must be 8-4-4-4-12 lower-case hexadecimal digits"), Fault.NotAuthorized,
            Fault.NotPermitted, Fault.NotFound, Fault.Conflict, Fault.TooManyRequests,
        ],
    };

    public static Operation Run { get; } = new()
    {
        Id = "runScenario",
        Tag = Tag,
        Summary = "Play a scenario and compare what comes of it",
        Description =
            "In a sandbox alone (409 in Live). It is played at once, on a store and by a clock that are there for it alone: no flow of the "
            + $"server's is touched, nothing is sent. One is played at a time. {Fields}",
        Credentials = Document.AdminKey,
        Body = new Body(Whole, Example(), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What came of it.",
            new ObjectSchema(
                nameof(ScenarioPlayed), "What came of a scenario.", IsClosed: true,
                new Member("isSame", Schema.Flag("It came to what was expected."), IsRequired: true),
                new Member("differences", Schema.List("What is otherwise, each in a sentence.", Schema.Text("A difference.")),
                    IsRequired: true),
                new Member("came", Expectation("What came of it; absent where it did not begin."))),
            Members.Object(("isSame", true), ("differences", new JsonArray()), ("came", Example()["expected"]!.DeepClone()))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.Conflict, Fault.TooManyRequests],
    };

    private static ObjectSchema Whole => new(
        nameof(Scenario), "A flow as a test.", IsClosed: true,
        new Member("version", Schema.Number("Of the format.", Scenario.PresentVersion, Scenario.PresentVersion), IsRequired: true),
        new Member("flow", FlowSchema(), IsRequired: true),
        new Member("texts", Schema.List("The ways of its texts, in the order in which they are written.", Schema.Closed(
            "The way of a text.",
            new Member("gateways", Words("In the order in which it tries them; empty for none."), IsRequired: true),
            new Member("handover", Words("Those that say when the operator has the text.")),
            new Member("optedOut", Schema.Text("The gateway to which the person has said STOP.")),
            new Member("isLost", Schema.Flag("Its process dies before a gateway is asked.", standard: false))))),
        new Member("steps", Schema.List("What is done and answered, in order.", StepSchema(), min: 1, max: ScenarioFile.MaxSteps),
            IsRequired: true),
        new Member("expected", Expectation("What has to come of it."), IsRequired: true));

    private static JsonObject FlowSchema() => Schema.Closed(
        "What the flow is, and what its project and server are set to.",
        new Member("product", Schema.Word("What it is for.", ScenarioWords.Products.Keys), IsRequired: true),
        new Member("type", Schema.Word("Where the page runs.", ScenarioWords.Types.Keys), IsRequired: true),
        new Member("shape", Schema.Word("Of a pre-fill flow, the order of its calls.", ScenarioWords.Shapes.Keys)),
        new Member("life", Seconds("How long it lives."), IsRequired: true),
        new Member("codeLife", Seconds("How long a code is good."), IsRequired: true),
        new Member("linkLife", Seconds("How long a link is good."), IsRequired: true),
        new Member("mobileAuthLife", Seconds("How long Mobile Auth may take."), IsRequired: true),
        new Member("entries", Schema.Number("Entries that may be made.", min: 1, max: 1000), IsRequired: true),
        new Member("resends", Schema.Number("How often a challenge may be sent again.", min: 0, max: 1000), IsRequired: true),
        new Member("numberChanges", Schema.Number("How often the person may give another number.", min: 0, max: 1000), IsRequired: true),
        new Member("mayNotChangeNumber", Schema.Flag("The project permits no other number.", standard: false)),
        new Member("matchesLinks", Schema.Flag("The link page asks for the desktop's digits.", standard: false)),
        new Member("provesItself", Schema.Flag("It comes to its result without a browser.", standard: false)),
        new Member("takesNoText", Schema.Flag("No text arrives at its line.", standard: false)),
        new Member("isAskedFor", Schema.Flag("The relying party asks for a person by their id.", standard: false)),
        new Member("isRemembered", Schema.Flag("The browser holds a key of an earlier flow.", standard: false)),
        new Member("tellsOfDevices", Schema.Flag("A person is told of a browser that is remembered.", standard: false)),
        new Member("refuses", Signals("The signals for which the project refuses a possession.")),
        new Member("refusesUnknown", Schema.Flag("A signal of which nobody knows counts as given there.", standard: false)));

    private static JsonObject StepSchema() => Schema.Closed(
        "One step.",
        new Member("at", Seconds("When, since the flow began."), IsRequired: true),
        new Member("do", Schema.Word("What.", ScenarioActs.All.Keys), IsRequired: true),
        new Member("entry", Schema.Word("What is entered.", ScenarioWords.Right, ScenarioWords.Wrong)),
        new Member("number", Schema.Word("The person gives another number.", ScenarioWords.Another)),
        new Member("again", Schema.Flag("The page asks for another link.", standard: false)),
        new Member("silent", Schema.Flag("Nobody sees the check of the network.", standard: false)),
        new Member("answer", Schema.Word(
            "What is answered.", ScenarioActs.All.Values.SelectMany(act => act.Answers).Distinct(StringComparer.Ordinal))),
        new Member("reason", Schema.Text("Why, in a code.")),
        new Member("text", Schema.Number("Which text it is about.", min: 1)),
        new Member("attempt", Schema.Number("Which try of the text.", min: 1)),
        new Member("gateway", Schema.Text("The gateway.")),
        new Member("pause", Seconds("After which the gateway may be asked again; absent where it must not.")),
        new Member("word", Schema.Text("The operator's own word.")),
        new Member("rule", Schema.Text("The rule of name matching.")),
        new Member("source", Schema.Text("The identity source.")),
        new Member("given", Signals("Signals that are given.")),
        new Member("unknown", Signals("Signals of which nobody knows.")),
        new Member("limit", Limit("The limit that others have used up.")));

    private static JsonObject Expectation(string description) => Schema.Closed(
        description,
        new Member("timeline", Schema.List("The facts, in order.", Schema.Closed(
            "A fact.",
            new Member("at", Seconds("When."), IsRequired: true),
            new Member("code", Schema.Word("What.", FlowEventCode.All), IsRequired: true),
            new Member("method", Schema.Text("The possession method that proved or failed.")),
            new Member("next", Schema.Text("The possession method that is next.")),
            new Member("reason", Schema.Text("Why, in codes with commas between them.")),
            new Member("cause", Schema.Text("What the reason comes from.")),
            new Member("gateway", Schema.Text("The gateway.")),
            new Member("operatorWord", Schema.Text("The operator's own word.")),
            new Member("rule", Schema.Text("The rule of name matching.")),
            new Member("source", Schema.Text("The identity source.")),
            new Member("limit", Limit("The limit that is reached.")))), IsRequired: true),
        new Member("end", Schema.Word("How it ends.", FlowEnd.All), IsRequired: true),
        new Member("at", Seconds("When it ends."), IsRequired: true),
        new Member("possession", Schema.Word("What becomes of possession.", ScenarioWords.Verdicts.Keys), IsRequired: true),
        new Member("reason", Schema.Text("What there is to add to the end.")),
        new Member("method", Schema.Text("The possession method that proved, failed or was waited for.")));

    private static JsonObject Limit(string description) => Schema.Closed(
        description,
        new Member("rule", Schema.Word("Its name.", ScenarioWords.Limits), IsRequired: true),
        new Member("count", Schema.Fraction("What is counted in the window.", 1, GuessLimits.Day), IsRequired: true),
        new Member("max", Schema.Fraction("The most that may be.", 1, GuessLimits.Day), IsRequired: true),
        new Member("seconds", Seconds("How long the window is."), IsRequired: true),
        new Member("until", Seconds("When it is possible again, since the flow began."), IsRequired: true));

    private static JsonObject Seconds(string description) =>
        Schema.Fraction($"{description} In seconds, to a thousandth.", 0, ScenarioFile.MaxSeconds);

    private static JsonObject Words(string description) => Schema.List(description, Schema.Text("A name."));

    private static JsonObject Signals(string description) =>
        Schema.List(description, Schema.Word("A signal.", ScenarioWords.Signals.Keys));

    private static JsonObject Example() => Members.Object(
        ("version", Scenario.PresentVersion),
        ("flow", Members.Object(
            ("product", "verified-users"), ("type", "none"), ("life", 900), ("codeLife", 120), ("linkLife", 180), ("mobileAuthLife", 6),
            ("entries", 1), ("resends", 3), ("numberChanges", 3))),
        ("texts", new JsonArray()),
        ("steps", new JsonArray(
            Members.Object(("at", 0), ("do", ScenarioActs.Start)),
            Members.Object(("at", 0), ("do", ScenarioActs.SourceAnswers), ("answer", ScenarioActs.Matched), ("rule", "exact")))),
        ("expected", Members.Object(
            ("timeline", new JsonArray(Members.Object(("at", 0), ("code", FlowEventCode.IdentityMatched), ("rule", "exact")))),
            ("end", FlowEnd.Matched), ("at", 0), ("possession", "not-asked"), ("reason", "exact"))));
}
