using System.Text.Json.Nodes;
using Countersign.Core;

namespace Countersign.Server.Contract;

/// <summary>Members and texts that several operations share.</summary>
internal static class Members
{
    public const string Json = "application/json";

    public const string CorrelationIdName = "correlationId";

    public const string ExampleId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    /// <summary>An enrolled person.</summary>
    public const string ExampleIdentity = "019ab3f1-77d0-7a4c-8e15-5b0c9d2a6f31";

    public const string ExampleToken = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJyaWQiOiJleGFtcGxlIn0.c2lnbmF0dXJl";

    /// <summary>A test user who needs no browser, so the example of a document can be sent as it is.</summary>
    public static readonly (string Number, string FirstName, string LastName) TestUser = ("2001004011", "Sheilakathryn", "Butrimovich");

    public static Member<FlowType?> PossessionType { get; } = Member.OptionalValue("possessionType", Fields.FlowType,
        """
        How the person shows that they hold the phone. `mobile`: the page runs on the phone itself, so Mobile Auth first and a code by text
        where that is not possible. `desktop`: the page runs elsewhere, so a link by text, opened on the phone. `none`: no possession check,
        the answer is final at once and has no auth token. One of `possessionType` and its alias `flowType` is required.
        """.ReplaceLineEndings(" "));

    public static Member<FlowType?> FlowType { get; } = Member.OptionalValue("flowType", Fields.FlowType,
        "Alias of `possessionType`: the same parameter under the name that guides use. Send either; when both are sent they must agree.");

    public static Member<string> PhoneNumber { get; } = Member.Required("phoneNumber", Fields.Phone,
        "The person's number. North American numbers with or without `+1`, all others with `+` and country code. In the sandbox it "
        + "selects the scenario.");

    public static Member<string> FirstName { get; } = Name("firstName", "Given name, as the person writes it.");

    public static Member<string> LastName { get; } = Name("lastName", "Family name, as the person writes it.");

    public static Member<string?> EmailAddress { get; } = Member.Optional("emailAddress", Fields.Email,
        "The person's e-mail address, with exactly one `@`.");

    public static Member<string?> IpAddress { get; } = Member.Optional("ipAddress", Fields.IpAddress,
        "The address from which the person's device calls, IPv4 or IPv6.");

    public static Member<string?> UserAgent { get; } = Member.Optional(
        "userAgent", Fields.UserAgent, "What the person's browser calls itself.");

    public static Member<string?> ClientCustomerId { get; } = Member.Optional("clientCustomerId", Fields.ClientId,
        "Your own id of the person, stored with the flow. Any text, but nothing personal.");

    public static Member<string?> ClientHumanId { get; } = Member.Optional("clientHumanId", Fields.ClientId,
        "Your own id of the human being behind several customers. Any text, but nothing personal.");

    public static Member<string?> ClientRequestId { get; } = Member.Optional("clientRequestId", Fields.ClientId,
        "Your own id of this request, stored with the flow. Any text, but nothing personal.");

    /// <summary>Of a call that keeps nothing.</summary>
    public static Member<string?> RequestId { get; } = ClientRequestId.Saying(
        "Your own id of this request. Any text, but nothing personal.");

    /// <summary>The same in a body.</summary>
    public static Member<string?> UnkeptRequestId { get; } = RequestId.Saying(RequestId.Description + " It is not kept.");

    public static Member<string?> DeviceId { get; } = Member.Optional("deviceId", Fields.ClientId,
        "The `deviceId` that a unify flow has given you, or one of your own. Kept and answered; it is not looked at.");

    /// <summary>An enrolled person of the caller's project.</summary>
    public static Member<Guid> ProveId { get; } = Member.Required("proveId", Fields.Uuid, "The person, in your project.");

    public static Member<string> AttributeType { get; } = Member.Required(
        "attributeType", Fields.AttributeType, "What it is, in a word of yours.");

    public static Member<string> AttributeValue { get; } = Member.Required("attributeValue", Fields.AttributeValue, "The fact.");

    public static Member<string?> FinalTargetUrl { get; } = Member.Optional("finalTargetUrl", Fields.TargetUrl,
        "Where the phone is sent after the link was confirmed, with `authId` and `asc=true` added to its query. Required when the "
        + "flow is `desktop`. An absolute URL without user info, without `//` after the host and without dot segments. Sandbox: http or "
        + "https. Live: https, and within the project's allowed addresses.");

    public static Member<string?> SmsMessage { get; } = Member.Optional("smsMessage", Fields.SmsMessage,
        "Your own wording of the text, with one placeholder. In a desktop flow `####` is the link; in a mobile flow a run of 4, 5 or "
        + "6 `#` is a code of that length. At most two text segments when filled, no link, no scheme and no telephone number of its own, "
        + "no control characters but line breaks. The project's hosts and allowed words may stand in it, without a path. Left out, a short "
        + "English wording is used.");

    public static Member<bool> AllowOtpRetry { get; } = Member.Flag("allowOTPRetry",
        "Whether a wrong code may be corrected: true allows three entries in all, false one.");

    /// <summary>A header, not a member of the body.</summary>
    /// <summary>Of the calls whose flows may come to another number.</summary>
    public static Member<bool?> NumberChange { get; } = Member.OptionalValue("numberChange", Shape.Flag(),
        "`false`: the person may not give another number in the browser than this one. It can only narrow what your project permits "
        + "(`NumberChange`); absent or `true`, that decides.");

    /// <summary>Within <see cref="Challenge"/>.</summary>
    public static Member<string> ChallengeId { get; } = Member.Required("id", Fields.ChallengeId,
        "The test's own id, as whoever gave it names it: it counts once for your project.");

    /// <summary>Within <see cref="Challenge"/>.</summary>
    public static Member<bool> ChallengePassed { get; } = Member.Required("passed", Shape.Flag(), "Whether the person has passed it.");

    /// <summary>Of the calls whose flows may send texts.</summary>
    public static ObjectMember Challenge { get; } = new("challenge", Schema.Open(
        "A test for persons (a captcha) that you gave before this call. Passed, the flow's texts are not stopped for looking like pumping, "
        + "nor by the limit of their address; all other limits hold. An `id` that another call has named is refused for 24 hours.",
        ChallengeId, ChallengePassed));

    /// <summary>Of the answers about such a flow's result.</summary>
    public static Member NumberChanged { get; } = new("numberChanged", Schema.Flag(
        "`true` where the person gave another number in the browser, also if they came back to the first: the answer is about the last "
            + "one. Absent where they did not."));

    /// <summary>Of the calls that begin flows.</summary>
    public static Member<bool> AssuranceWanted { get; } = Member.Flag("assurance",
        "`true`: the answers about this flow say in `assurance` how they came about, once it is decided.");

    /// <summary>The same of how possession was shown.</summary>
    public static Member Assurance { get; } = new("assurance", Schema.Closed(
        "How it came about. Absent where there is nothing to say. `sameDevice` is told always; all else in flows that began with "
            + "`assurance: true`, once they are decided.",
        new Member("method", Schema.Text(
            "How possession was proven: `otp`, `instant-link`, `mobile-auth`, `device-key` (a passkey is one). Absent where it was not, "
                + "with `channel`, `binding` and `phishingResistant`.")),
        new Member("channel", Schema.Word("What the proof came over.", "text", "mobile-network", "browser")),
        new Member("binding", Schema.Word(
            "What ties the proof to whoever began: the code that was typed, the link that was confirmed, the link and the digits that the "
                + "desktop shows, the network that answered for the connection, the browser's key.",
            "code", "tap", "digits", "network", "key")),
        new Member("phishingResistant", Schema.Flag(
            "Whether a page that imitates yours cannot pass the proof on. True for a key alone: a code is told, and a link is confirmed, "
                + "by whoever is talked into it.")),
        new Member("sameDevice", Schema.Flag(
            "`true`: the link was confirmed by the very browser, at the same address, that began the flow. The text has reached the phone; "
                + "that there is a second device is not shown.")),
        new Member("simSwap", Schema.Word(
            "When the SIM was last changed, as far as it is known. In pre-fill flows `unknown`: `/v3/challenge` and `/v3/complete` tell "
                + "what is known under `evaluation`.",
            "within-day", "within-week", "not-within-day", "not-within-week", "unknown")),
        new Member("recycled", Schema.Flag(
            "Whether the number has gone to somebody else since it was last verified. Absent when nobody knows.")),
        new Member("line", Schema.Word(
            "What the numbering plan says of the number's range. Numbers of `voip` are often had for minutes, by anybody; Live does not "
                + "begin with them. North America's plan does not tell its kinds apart.",
            "mobile", "fixed", "fixed-or-mobile", "voip", "other", "unknown")),
        new Member("names", Schema.Closed(
            "How the names were compared, where they were.",
            new Member("rule", Schema.Text("The rule that decided."), IsRequired: true),
            new Member("score", Schema.Number("How well they agree. Absent where the source does not tell.", 0, 100)),
            new Member("matcher", Schema.Number(
                "The version of this server's rules and table; absent where another source compared."))))));

    public static Member<string?> IdempotencyKey { get; } = Member.Optional("Idempotency-Key", Fields.IdempotencyKey,
        "Your own name for this request, new for each new request: visible ASCII characters, a UUID for instance. It counts for your API "
        + "client and this path.");

    /// <summary>The three words for how a verify flow stands.</summary>
    public static IEnumerable<Member> Outcome =>
    [
        new("success", Schema.Word("The whole: `pending` until both parts are decided, `false` as soon as one has failed. A text, not a "
            + "boolean.", "true", "false", "pending"), IsRequired: true),
        new("possessionResult", Schema.Word("Does the person hold the phone? `not_applicable` when the flow asked for no check.",
            "pending", "success", "failed", "not_applicable"), IsRequired: true),
        new("verifyResult", Schema.Word(
            "Does the name belong to the number? Asked only after possession succeeded, or at once without a check. When possession "
                + "failed this is `failed` too.", "pending", "success", "failed"), IsRequired: true),
    ];

    /// <summary>The codes that say why possession was not proven.</summary>
    public const string PossessionReasons =
        "9100: possession incomplete; beside it one of 9910: wrong code, 9911: time was over, 9912: declined by the person, 9913: wrong "
        + "digits, 9914: text refused or not delivered, 9915: given up by the page, 9916: a limit or a cap stood in the way, 9917: the "
        + "network or a key did not confirm and no other method was left, 9918: you cancelled the flow";

    public static Member Evaluation => EvaluationOf(
        "Why, where there is something to say; left out otherwise. Keys are `authentication` (" + PossessionReasons + "), "
            + "`identification` (9003: no record, 9012: another SSN, 9013: another birth date, 9014: another name, 9015: another address, "
            + "9900: the identity source could not be asked) and `risk` (9135: SIM changed within 24 hours; it decides nothing).");

    /// <summary>One entry of an <c>evaluation</c>.</summary>
    public static JsonObject OneEvaluation => Schema.Closed(
        "One kind of check.",
        new Member("result", Schema.Word("How it came out.", "pass", "fail"), IsRequired: true),
        new Member("failureReasons", Schema.Map("Reason code to text; only with `fail`. Codes of 9900 and above are this "
            + "server's own.", Schema.Text("The reason in words."))));

    /// <summary>Of a request or an answer.</summary>
    public static Member<CorrelationId> CorrelationId(string description) => Member.Required(CorrelationIdName, Fields.CorrelationId,
        $"{description} 36 lower-case characters, an id and never a credential.");

    public static Member EvaluationOf(string description) => new("evaluation", Schema.Map(description, OneEvaluation));

    public static ObjectListMember IdentityAttributes(string description) => new(
        "identityAttributes", description, Schema.Open("One fact.", AttributeType, AttributeValue), Fields.MaxAttributes);

    /// <summary>An id that this server has given.</summary>
    public static JsonObject Uuid(string description) => Schema.Text(
        description, pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", format: "uuid");

    /// <summary>A text of the relying party's own.</summary>
    public static JsonObject ClientId(string description) => Fields.ClientId.Describe(description);

    public static JsonObject Object(params (string Name, JsonNode? Value)[] members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value)));

    public static Member<string> Name(string name, string description) => Member.Required(name, Fields.Name,
        $"{description} White space around it does not count, and there must be something else.");
}
