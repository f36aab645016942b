using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Contract;

/// <summary>Members and texts that several operations share.</summary>
internal static class Members
{
    public const string Json = "application/json";

    // Unicode's control characters (category Cc), without which every text of the contract must be.
    private const string Controls = @"\u0000-\u001f\u007f-\u009f";

    /// <summary>A text without control characters.</summary>
    public const string PrintablePattern = $"^[^{Controls}]*$";

    /// <summary>A test user who needs no browser, so the example of a document can be sent as it is.</summary>
    public static readonly (string Number, string FirstName, string LastName) TestUser = ("2001004011", "Sheilakathryn", "Butrimovich");

    public const string ExampleId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    /// <summary>A UUID as it may be sent: in either case.</summary>
    public const string UuidPattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

    /// <summary>An enrolled person.</summary>
    public const string ExampleIdentity = "019ab3f1-77d0-7a4c-8e15-5b0c9d2a6f31";

    public const string ExampleToken = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJyaWQiOiJleGFtcGxlIn0.c2lnbmF0dXJl";

    public static Member CorrelationId(string description) => new(
        "correlationId",
        Schema.Text($"{description} 36 lower-case characters, an id and never a credential.",
            pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        IsRequired: true);

    public static Member PossessionType => new(
        "possessionType",
        Schema.Word(
            """
            How the person shows that they hold the phone. `mobile`: the page runs on the phone itself, so Mobile Auth first and a code by text
            where that is not possible. `desktop`: the page runs elsewhere, so a link by text, opened on the phone. `none`: no possession check,
            the answer is final at once and has no auth token. One of `possessionType` and its alias `flowType` is required.
            """.ReplaceLineEndings(" "),
            Fields.FlowTypes));

    public static Member FlowType => new(
        "flowType", Schema.Word("Alias of `possessionType`: the same parameter under the name that guides use. Send either; when both are "
            + "sent they must agree.", Fields.FlowTypes));

    public static Member PhoneNumber => new(
        "phoneNumber",
        Schema.Text(
            "The person's number. North American numbers with or without `+1`, all others with `+` and country code. In the sandbox it "
                + "selects the scenario.",
            least: 1, most: Fields.MostPhoneCharacters, pattern: "^[A-Za-z0-9+]+$"),
        IsRequired: true);

    public static Member Name(string name, string description) => new(
        name,
        Schema.Text($"{description} White space around it does not count, and there must be something else.", least: 1,
            most: Fields.MostNameCharacters, pattern: $"^[^{Controls}]+$"),
        IsRequired: true);

    public static Member ClientHumanId => new("clientHumanId", ClientId("Your own id of the human being behind several customers. Any text, but "
        + "nothing personal."));

    public static Member IpAddress => new(
        "ipAddress", Schema.Text("The address from which the person's device calls, IPv4 or IPv6.", most: Fields.MostIpAddressCharacters,
            pattern: "^[0-9A-Fa-f:.]*$"));

    public static Member UserAgent => new(
        "userAgent",
        Schema.Text("What the person's browser calls itself.", most: Fields.MostUserAgentCharacters, pattern: $"^[^{Controls}]*$"));

    public static Member ClientCustomerId => new("clientCustomerId", ClientId("Your own id of the person, stored with the flow. Any text, "
        + "but nothing personal."));

    public static Member ClientRequestId => new("clientRequestId", ClientId("Your own id of this request, stored with the flow. Any text, "
        + "but nothing personal."));

    public static Member DeviceId => new("deviceId", ClientId("The `deviceId` that a unify flow has given you, or one of your own. Kept and "
        + "answered; it is not looked at."));

    public static Member IdentityAttributes(string description) => new(
        "identityAttributes",
        Schema.List(
            description,
            Schema.Open(
                "One fact.",
                new Member(
                    "attributeType",
                    Schema.Text("What it is, in a word of yours.", least: 1, most: Fields.MostAttributeTypeCharacters, pattern: $"^[^{Controls}]+$"),
                    IsRequired: true),
                new Member(
                    "attributeValue",
                    Schema.Text("The fact.", least: 1, most: Fields.MostAttributeValueCharacters, pattern: $"^[^{Controls}]+$"),
                    IsRequired: true)),
            most: Fields.MostAttributes));

    /// <summary>An id that this server has given.</summary>
    public static JsonObject Uuid(string description) => Schema.Text(
        description, pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", format: "uuid");

    /// <summary>An id as it may be sent: in either case.</summary>
    public static JsonObject UuidGiven(string description) => Schema.Text(description, pattern: UuidPattern, format: "uuid");

    public static Member EmailAddress => new(
        "emailAddress",
        Schema.Text("The person's e-mail address, with exactly one `@`.", most: Fields.MostEmailCharacters,
            pattern: $"^[^@{Controls}]*@[^@{Controls}]*$"));

    public static Member FinalTargetUrl => new("finalTargetUrl", Schema.Text(
        "Where the phone is sent after the link was confirmed, with `authId` and `asc=true` added to its query. Required when the "
            + "flow is `desktop`. An absolute URL without user "
        + "info, without `//` after the host and without dot segments. Sandbox: http or https. Live: https, and within the project's "
        + "allowed addresses.",
        most: Fields.MostUrlCharacters, pattern: "^[A-Za-z0-9._+=/:?-]*$", format: "uri"));

    public static Member SmsMessage => new("smsMessage", Schema.Text(
        "Your own wording of the text, with one placeholder. In a desktop flow `####` is the link; in a mobile flow a run of 4, 5 or "
            + "6 `#` is a code of that length. At most two "
        + "text segments when filled, no link, no scheme and no telephone number of its own, no control characters but line breaks. The project's hosts and "
        + "allowed words may stand in it, without a path. Left out, a short English wording "
        + "is used.",
        most: SmsTemplate.MostCharacters, pattern: "^[^#]*#{4,6}[^#]*$"));

    public static Member AllowOtpRetry => new("allowOTPRetry", Schema.Flag("Whether a wrong code may be corrected: true allows three entries "
        + "in all, false one.", standard: false));

    public static Parameter IdempotencyKey => new(
        Idempotency.Header, "header",
        Schema.Text("Your own name for this request, new for each new request: visible ASCII characters, a UUID for instance. It "
            + "counts for your API client and this path.",
            least: 1, most: Idempotency.MostCharacters, pattern: "^[!-~]+$"),
        "7d0f1c58-3b0e-4b8e-9a55-0e6c1d2f4a90");

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
        "9100: possession incomplete; beside it one of 9910: wrong code, 9911: time was over, 9912: declined by the person, 9913: wrong digits, 9914: text "
        + "refused or not delivered, 9915: given up by the page, 9916: a budget was spent, 9917: the network or a key did not confirm and no other method was left";

    public static Member Evaluation => EvaluationOf(
        "Why, where there is something to say; left out otherwise. Keys are `authentication` (" + PossessionReasons + "), "
            + "`identification` (9003: no record, 9012: another SSN, 9013: another birth date, 9014: another name, 9015: another address, "
            + "9900: the identity source could not be asked) and `risk` (9135: SIM changed within 24 hours; it decides nothing).");

    public static Member EvaluationOf(string description) => new(
        "evaluation",
        Schema.Map(
            description,
            OneEvaluation));

    /// <summary>One entry of an <c>evaluation</c>.</summary>
    public static JsonObject OneEvaluation => Schema.Closed(
        "One kind of check.",
        new Member("result", Schema.Word("How it came out.", "pass", "fail"), IsRequired: true),
        new Member("failureReasons", Schema.Map("Reason code to text; only with `fail`. Codes of 9900 and above are this "
            + "server's own.", Schema.Text("The reason in words."))));

    public static JsonObject Object(params (string Name, JsonNode? Value)[] members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value)));

    /// <summary>A text of the relying party's own.</summary>
    public static JsonObject ClientId(string description) => Schema.Text(description, most: Fields.MostIdCharacters,
        pattern: PrintablePattern);
}
