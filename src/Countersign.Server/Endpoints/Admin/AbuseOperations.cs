using System.Text.Json.Nodes;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about texts that look like pumping.</summary>
internal static class AbuseOperations
{
    private const string Tag = "abuse";

    private const string Narrowest =
        "Of several words the narrowest counts (number, prefix of all but the last four digits, address, the longest of other prefixes, "
        + "country), and of those for one target the newest.";

    private static readonly Member[] _view =
    [
        new("verdict", Schema.Word(
            "Who says so: a rule (`held`, in shadow too, where nothing is refused), or an administrator.", WordsOf<AbuseVerdict>()),
            IsRequired: true),
        new("target", Schema.Word("What is held, allowed or denied.", WordsOf<AbuseTarget>()), IsRequired: true),
        new("label", Schema.Text("Which: a prefix, or the code of a country; numbers and addresses masked."), IsRequired: true),
        new("isPresent", Schema.Flag("It is not over."), IsRequired: true),
        new("isEnforced", Schema.Flag(
            "Texts are refused for it now, but for those that another word allows. False also where its rule is in shadow or off now, "
            + "whatever `mode` was when it was found."),
            IsRequired: true),
        new("rule", Schema.Word("The rule that has found something; absent where an administrator has said it.",
            PumpingRule.All.Where(rule => rule != PumpingRule.Denied))),
        new("count", Schema.Number("What was counted in the window; with a rule.")),
        new("max", Schema.Number("The most that would have been right; with a rule.")),
        new("seconds", Schema.Number("How long the window is; with a rule.")),
        new("mode", Schema.Word("What the rule did when it was found, or a denial when it was made; absent where it is allowed.",
            WordsOf<LimitMode>())),
        new("by", Schema.Text("The admin key that said it.")),
        new("since", Schema.Time("From when it holds."), IsRequired: true),
        new("until", Schema.Time("Until when it holds."), IsRequired: true),
    ];

    private static readonly ObjectSchema _said = new(nameof(AbuseView), "What holds now.", IsClosed: true, _view);

    private static readonly ObjectSchema _saying = new(
        "AbuseRequest", "Exactly one of the four that name a target, and how long.", IsClosed: true,
        [.. AbuseMembers.Targets, AbuseMembers.Hours]);

    public static Operation List { get; } = new()
    {
        Id = "listAbuse",
        Tag = Tag,
        Summary = "List what looks like pumping",
        Description =
            "What rules have found, with their evidence, and what administrators have allowed and denied: the newest first, also what is "
            + "over, for 30 days.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema("ListAbuseRequest", "How much.", IsClosed: true, AdminMembers.Limit),
            Members.Object((AdminMembers.Limit, 100)), IsRequired: false, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What was found and said.",
            new ObjectSchema(
                nameof(AbuseListResponse), "What rules have found, and administrators said.", IsClosed: true,
                new Member("entries", Schema.List("The newest first.", Schema.Closed("One entry.", _view)), IsRequired: true),
                new Member("isComplete", Schema.Flag("False when there are more."), IsRequired: true)),
            Members.Object(
                ("entries", new JsonArray(Members.Object(
                    ("verdict", "held"), ("target", "prefix"), ("label", "+3712123****"), ("isPresent", true), ("isEnforced", false),
                    ("rule", PumpingRule.Sequence), ("count", 5), ("max", 4), ("seconds", 600), ("mode", "shadow"),
                    ("since", "2026-11-29T10:00:00+00:00"), ("until", "2026-11-29T11:00:00+00:00")))),
                ("isComplete", true))),
        Refusals = [Fault.Malformed(""), Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Allow { get; } = Say(
        "allowAbuse", "Let texts go whatever the rules say",
        "No rule about pumping holds texts to a prefix, a country or a number, or of an address, for a time: before a campaign, or for a "
        + "person who was taken for an attacker. All other limits hold. " + Narrowest);

    public static Operation Deny { get; } = Say(
        "denyAbuse", "Let no texts go",
        "No text goes to a prefix, a country or a number, or for a page that is open at an address, for a time; what becomes of such a "
        + "text `Pumping:Denied` says (in Live it is refused). " + Narrowest);

    private static Operation Say(string id, string summary, string description) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Description = description,
        Credentials = Document.AdminKey,
        Body = new Body(
            _saying,
            Members.Object((AbuseMembers.Country, "GB"), (AbuseMembers.Hours, 24)), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "It holds.",
            _said,
            Members.Object(
                ("verdict", "allowed"), ("target", "country"), ("label", "GB"), ("isPresent", true), ("isEnforced", false),
                ("by", "ops"),
                ("since", "2026-11-29T10:00:00+00:00"), ("until", "2026-11-30T10:00:00+00:00"))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static IEnumerable<string> WordsOf<T>() where T : struct, Enum =>
        Enum.GetValues<T>().Select(value => value.ToString().ToLowerInvariant());
}
