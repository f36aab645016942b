using Countersign.Core;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.OpenApi;

/// <summary>The documents of this server: one for each who calls.</summary>
internal static class Documents
{
    // Rows of a table stay one line.
    private const string DevicePassive =
        "`device/passive/verify` with the key of an earlier flow; without one `device/passive/register`, and the next step follows";

    private const string Fido2 =
        "a browser without a key: `device/fido2/start`, the authenticator, `device/fido2/register/finish` or "
        + "`device/fido2/verify/finish`";

    private const string InstantLink =
        "the socket opens and `mobile/instantlink/start` is called; the person confirms on the phone; the socket says `done`";

    public static Document V3 { get; } = new(
        "v3", "Countersign v3", "Does this person hold this phone, and does this name belong to it?",
        $"""
        For the back end of a relying party. Three calls make a verification:

        1. `POST /token` once an hour: client credentials for an access token.
        2. `POST /v3/verify`: begins a flow. Hand `authToken` to the browser SDK in your page and keep `correlationId`.
        3. `POST /v3/verify-status` when the browser is done: the result. Only this answer counts.

        A form is filled in, or what was typed into it is checked, by `POST /v3/start`, the browser, then `/v3/validate`, `/v3/challenge`
        and `/v3/complete`; each answer names in `next` what follows.

        Who knows already that the person holds the phone asks the second question alone, in one call: `POST /v3/verify` with
        `verificationType`.

        ## Rules for every call

        - Bodies are JSON in UTF-8, with or without a byte order mark, one object, at most {RequestBody.MaxBytes} bytes where an operation
          does not say otherwise; `/token` takes a form too. A member given twice, or more than {RequestBody.MaxDepth} levels of nesting, is
          refused; in a batch each item is judged for itself. Unknown members are ignored. `null` and an empty text count as absent, in
          required members too.
        - Lengths are counted in Unicode characters. No text may hold control characters, but for the line breaks of `smsMessage`.
        - In answers, what has no value is left out and nothing is ever `null`. A list is not left out for being empty.
        - What is checked, in this order: the token (401), path and method (403), the rate (429), the body and all its fields (400), the
          idempotency key (409, 422), the correlation id (400) or the id of an identity, device or domain (404), the step (403), the
          sandbox's test user (400, 403). Nothing is stored before the last.
        - Requests a second for each API client: 25 in Live, no limit in the sandbox, unless the server is set to another number.

        ## How long things live

        | What | Life |
        |---|---|
        | access token | 60 minutes |
        | flow, its correlation id and its auth token | 15 minutes from the answer that named it |
        | link | 3 minutes from sending |
        | code | 2 minutes from sending |
        | answer to an idempotency key | 24 hours |

        ## Errors

        Every refusal is `{"{"}"code": integer, "message": text{"}"}`, on every path here and for every status; a request that is not
        valid HTTP, or names no host, gets an empty body. Decide on the code. For a missing or a bad field the
        message reads `field 'X' is missing` or `field 'X' is invalid: reason`; several are joined by `; ` in the order in which this
        document lists them.

        {Errors.Table(8001, 8007, 8008, 8002, 8003, 8009, 8011, 8409, 8422, 8429, 8000)}

        Codes in brackets are what a project with `errorCodes: legacy` gets instead. A wrong path or method under `/v3` is 8003 with 403;
        outside it a wrong path is 8011 with 404.
        """,
        ["/token", "/v3/"])
    {
        Tags =
        [
            ("token", "Access tokens for a back end."),
            ("verified users", "Two calls: begin a verification, read its result. This contract stays."),
            ("unify", "Recognise a person by number, identity and device; a browser that is known needs no text."),
            ("pre-fill",
                "Fill in a form with the data of whoever holds the phone, or check what they have typed: start, validate, challenge, "
                + "complete."),
            ("one-call verify", "One call, or one for many: who is behind this number, and how surely?"),
            ("identities",
                "The persons that a project has enrolled, each behind one number, under an id (`proveId`) that stays. Every id belongs to "
                + "one project: to any other it is unknown."),
            ("attributes", "What is kept with enrolled persons, by the project itself and by those it is linked with."),
            ("domains", "Links between projects. One asks, the other confirms; from then on the one that asked sees what the scopes name "
                + "of the other's: "
                + "`identities` (that the same person is enrolled there) and `attributes` (what is kept there with the person). For both "
                    + "directions "
                + "both have to ask. The sandbox has one project, so its lists are empty."),
        ],
        Scheme = (Document.AccessToken, "The access token of `POST /token`."),
    };

    public static Document RelyingParty { get; } = new(
        "relying-party", "Countersign for relying parties", "What this server offers a back end beside the published contract.",
        $"""
        For the back end of a relying party, beside `v3`: calls that the published contract does not have.

        {Errors.Table(8001, 8002, 8003, 8011, 8409, 8411, 8429, 8000)}

        Refusals are problems as RFC 9457 has them (`application/problem+json`) that also carry `code` and `message`: decide on the code.
        Those of `/revoke` and `/introspect` are `application/json` with `code` and `message` and, as their standards say, `error` and
        `error_description`.
        """,
        ["/revoke", "/introspect", "/flows", "/statistics", "/events"])
    {
        Tags =
        [
            ("access tokens", "Ending an access token, and asking about one."),
            ("flows", "How your flows stand and how they ended. No answer holds a name, a number or a code."),
            ("receipts", "Signed words on what became of flows, for whoever has to believe them."),
            ("events", "What has happened, for who polls. The same is sent to webhooks."),
        ],
        Scheme = (Document.AccessToken, "The access token of `POST /token`."),
    };

    public static Document Browser { get; } = new(
        "browser", "Countersign browser protocol", "What a browser SDK and the server say to each other in one flow.",
        $"""
        For authors of browser SDKs; pages use one that exists. A page gets the auth token of a flow from its back end. The token's payload
        names the first step (`auth.next`) and the origin to call (`auth.endp`). Each answer names the next step, until `done`.

        - Every step is a `POST` with `Authorization: Bearer <authToken>` and answers 200 with a `StepAnswer`, failures of the step
          included. Another status ends the flow in published SDKs.
        - A browser with a device key may sign a call. It signs six lines, without a line break after the last: `POST`, the path, the query
          (empty), `application/json`, a challenge of `POST /v1/client/challenge`, and the SHA-256 of the body in lower-case hex; and sends
          `PA-Sig-Version: 3`, `PA-Challenge`, `PA-KID` and `PA-Signature`. No step demands it but unregistering; where one of these headers
          is there, the signature must be right and its device not revoked, or the answer is 401.
        - **`done` does not mean verified.** It means decided. The result is final before `done` is said; the back end reads it with
          `/v3/verify-status`.
        - No cookies. Any origin may call unless the project lists its own; then a call from another one is 403. Preflights are answered
          without a token.
        - `GET /v1/client/status` is a WebSocket on which a waiting desktop hears the result.
        - In Live a flow may make ten calls a second. A call above that waits for its turn; one that would wait longer than two seconds is
          429 with `Retry-After`. So is a call whose token is not good, where too many such calls come from its address.

        | First step | Calls in order |
        |---|---|
        | `device/passive` | {DevicePassive} |
        | `device/passive`, where `uvlvl` of the auth token is not `none` | {Fido2} |
        | `mobile/instant` | `mobile/instant/start`, the mobile network, `mobile/instant/finish`; where that fails `mobile/otp` follows |
        | `mobile/otp` | `mobile/otp/start`, the person types the code, `mobile/otp/finish` |
        | `mobile/instantlink` | {InstantLink} |

        ## Codes inside an answer

        | Code | Meaning |
        |---|---|
        | 10001 | not proven: wrong code, declined, too late, or the network could not say |
        | 8007, 8009 | in `data`, sandbox: the other number is no test user's, or another product's |
        | 10002 | input not right: the number cannot be changed in this flow, or is a fixed line, where no text arrives |
        | 10003 | not part of this flow, already decided, not offered, or it goes on elsewhere; in `data`: number changed three times |
        | 10004 | the page gave the check up, or the relying party cancelled the flow |
        | 10005 | no entry is left |
        | 10006 | the device is not known, or revoked: the browser forgets its key and registers a new one |

        ## Errors outside

        {Errors.Table(8001, 8002, 8003, 8429, 8000)}
        """,
        ["/v1/client/"])
    {
        Tags =
        [
            ("steps", "The steps of a possession check."),
            ("device keys", "The key that a browser keeps, so that its next flow needs no text."),
            ("passkeys", "A key that the person's authenticator keeps: it outlives what the browser stores."),
            ("status", "Waiting for a result."),
            ("not offered", "Steps of the protocol that this server refuses, so that no SDK is left without an answer."),
        ],
        Scheme = (Document.AuthToken, "The auth token of one flow, from the answer of `/v3/verify`."),
    };

    public static Document Sandbox { get; } = new(
        "sandbox", "Countersign sandbox", "The handset, the clock and the flows of a sandbox.",
        $"""
        Only a sandbox has these, and they need no credentials: whoever reaches a sandbox may read its texts and move its clock. No text
        leaves the machine, and only test users exist. The code is always `1234` (`12345` or `123456` where the text asks for more digits).

        {Errors.Table(8001, 8007, 8008, 8009, 8000)}
        """,
        ["/sandbox/"])
    {
        Tags =
        [
            ("handset", "What a phone would show."),
            ("clock", "Time that can be moved."),
            ("flows", "Flows without credentials."),
        ],
    };

    public static Document Admin { get; } = new(
        "admin", "Countersign admin API", "For those who run the server: relying parties, their credentials, and what became of a flow.",
        $"""
        Exists only where the server's configuration has an admin key (`Countersign:Admin:Keys:<name>`), and only at an address of its own
        (`Countersign:Admin:Urls`). Every call needs a key, as `Authorization: Bearer <key>`, with a scope of the operation; the log names
        the key that was used. A key may be limited to projects: what is of others is answered as if it did not exist. No browser may call:
        there are no cross-origin headers. The command `countersign` is made of these calls.

        {Errors.Table(8001, 8002, 8403, 8011, 8410, 8429, 8000)}
        """,
        ["/admin/"])
    {
        Tags =
        [
            ("server", "The server itself."),
            ("projects",
                "Relying parties and their settings. What stands in the server's configuration is shown here and changed there (409)."),
            ("clients", "Credentials of projects for `POST /token`."),
            ("webhooks", "Where a project's events are sent."),
            ("flows", "What became of one flow."),
            ("scenarios", "Flows as tests: made of one that has ended, and played."),
            ("records", "Persons by their numbers: imports, and what is kept."),
            ("keys", "Who may call this API."),
            ("encryption keys", "What the store is encrypted with."),
            ("backup", "A copy of the whole store."),
            ("devices", "Browsers that prove a person."),
            ("suppressions", "Persons who wrote STOP to a sender of texts."),
            ("erasure", "All that is held of a person: to be given to them, or erased with a proof."),
            ("budgets", "What is spent of the limits of a number."),
            ("caps", "What texts have cost and may cost."),
            ("abuse", "Texts that look like pumping: what rules have found, and what is allowed and denied."),
            ("audit", "Who has done what, in a chain that shows what was taken out of it or changed."),
        ],
        Scheme = (Document.AdminKey, "A key of the server's configuration, or one that was made here."),
    };

    public static IReadOnlyList<Document> Of(Mode mode, bool hasAdmin = false) =>
        [V3, RelyingParty, Browser, .. mode == Mode.Sandbox ? [Sandbox] : (Document[])[], .. hasAdmin ? [Admin] : (Document[])[]];
}
