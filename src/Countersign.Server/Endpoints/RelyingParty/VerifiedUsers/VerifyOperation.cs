using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>
/// What <c>POST /v3/verify</c> promises. The members stand in the order in which <see cref="Verify"/> reads them and names the bad ones;
/// those of the one-call contract are in <see cref="OneCallSchemas"/>.
/// </summary>
internal static class VerifyOperation
{
    public static ObjectSchema Request { get; } = new(
        "VerifyRequest", "Who is to be verified, and how they show that they hold the phone.", IsClosed: false,
        Members.PossessionType,
        Members.FlowType,
        Members.PhoneNumber,
        Members.FirstName,
        Members.LastName,
        Members.FinalTargetUrl,
        Members.SmsMessage,
        Members.ClientCustomerId,
        Members.ClientRequestId,
        Members.EmailAddress,
        Members.AllowOtpRetry,
        Members.Challenge,
        Members.AssuranceWanted);

    public static ObjectSchema Response { get; } = new(
        "VerifyResponse", "The flow that has begun, or without a possession check its result.", IsClosed: true,
        [
            new Member("authToken", Schema.Text("Hand it to the browser SDK in your page: the browser's credential for this one flow, "
                + "good for 15 minutes. Absent when the flow is `none`.")),
            Members.CorrelationId("Names the flow in `/v3/verify-status`. Keep it on your server."),
            .. Members.Outcome,
            Members.Assurance,
            Members.Evaluation,
        ]);

    /// <summary>
    /// The answer of either contract in one schema: generated clients make nothing of two that no member tells apart. Required is what both
    /// have.
    /// </summary>
    public static ObjectSchema EitherResponse { get; } = new(
        Response.Name, "The flow that has begun, or without a possession check its result; in one call, the answer.", IsClosed: true,
        [
            new Member("success",
                Schema.Word("The whole. In two calls `pending` until both parts are decided; in one call whether the level is enough "
                + "for what was asked, and never `pending`. A text, not a boolean.", "true", "false", "pending"), IsRequired: true),
            Members.CorrelationId(
                "In two calls it names the flow in `/v3/verify-status`: keep it on your server. In one call it names the answer in the "
                + "server's log, and no flow has it."),
            .. Only(Response, "Two calls"),
            .. Only(OneCallSchemas.Response, "One call"),
            Members.EvaluationOf(
                "Why. In two calls, where there is something to say; in one call always, with the kinds of check that passed too. Keys are "
                + "`authentication` (9100: possession incomplete), `identification` (9003: no record, 9014: another name, 9900: the "
                    + "identity source could "
                + "not be asked, 9901: number or record not to be trusted) and `risk` (9135: SIM changed within 24 hours; it decides "
                    + "nothing)."),
        ]);

    /// <summary>The two-call contract alone.</summary>
    public static Body FlowBody { get; } = new(
        Request,
        Members.Object(
            (Members.PossessionType, "mobile"), (Members.PhoneNumber, Members.TestUser.Number),
            (Members.FirstName, Members.TestUser.FirstName), (Members.LastName, Members.TestUser.LastName)),
        IsRequired: true, Members.Json);

    public static Reply FlowReply { get; } = new(
        StatusCodes.Status200OK, "The flow has begun; without a possession check it has ended too. A negative result is an answer "
            + "with 200 as well.", Response,
        Members.Object(
            ("authToken", Members.ExampleToken), (Members.CorrelationIdName, Members.ExampleId), ("success", "pending"),
                ("possessionResult", "pending"), ("verifyResult", "pending")));

    /// <summary>The members that one contract has alone, not required and with its name before their descriptions.</summary>
    private static IEnumerable<Member> Only(ObjectSchema contract, string name) =>
        from member in contract.Members
        where member.Name is not ("success" or Members.CorrelationIdName or "evaluation")
        let schema = member.Schema.DeepClone().AsObject()
        let always = member.IsRequired ? ", always" : ""
        select new Member(member.Name, Describe(schema, $"{name}{always}: {schema["description"]}"));

    private static JsonObject Describe(JsonObject schema, string description)
    {
        schema["description"] = description;
        return schema;
    }

    public static Operation Operation { get; } = new()
    {
        Id = "verify",
        Tag = "verified users",
        Summary = "Begin a verification, or have one answered in one call",
        Description =
            """
            Begins a flow that shows two things: that the person holds the phone, and that the name belongs to its number. For `mobile` and
            `desktop` the answer is `pending` three times with an auth token for the browser; the result is read with `/v3/verify-status`
            once the browser is done. For `none` the result is in the answer.

            `phoneNumber`, `firstName`, `lastName` and one of `possessionType` and `flowType` are required, `finalTargetUrl` too when the
            flow is `desktop`.

            **In one call.** A request with `verificationType` belongs to another contract, `OneCallRequest`: no flow begins, nothing is
            sent to the phone, and the answer is final. `correlationId` names that answer in the server's log and nothing more. Ask in this
            way only where possession was shown otherwise. Together with `possessionType` or `flowType` it is refused.

            | `verificationType` | Question | `success` from | What a successful answer tells |
            |---|---|---|---|
            | `verifiedUser`, `accountOpening` | Does this name belong to this number? | AL2 | the name |
            | `humanAssurance` (or `bot`) | Is somebody behind this number? | AL1 | the age in years |
            | `prefill` | Whose number is this? | AL1 | name, birth date, SSN, addresses, e-mail addresses |
            | `prefillForBiz` | Which businesses? | AL1 | the same, and `businesses` |
            | `identityResolution` | Who else? | AL1 | the same, and `additionalIdentities` |

            What is not on record is left out. An unsuccessful answer tells nothing of a record but its level and reason.

            | Level, reason | Meaning |
            |---|---|
            | AL-1, `AL-1a` | the number or the record cannot be trusted |
            | AL0, `AL0a` | no record, or nobody could be asked (9900); or no record or another name, which is not told (9014) |
            | AL0, `AL0b` | a record under another name |
            | AL1, `AL1a` | a record; no name was compared |
            | AL2, `AL2a` | name and number belong together |
            | AL3, `AL3a` | name, number and one further element do |

            Send an `Idempotency-Key` when you repeat calls that got no answer: without it each call begins a flow of its own. The same key
            with the same body gets the same answer for 24 hours, even after the flow itself has ended. Only answers with 200 are
            remembered. The header works for both contracts. A new flow never ends another flow of the same number.
            """,
        Credentials = Document.AccessToken,
        Parameters = [FlowStartMembers.IdempotencyKey],
        Body = FlowBody with { OtherSchema = OneCallSchemas.Request },
        Success = FlowReply with
        {
            Description = FlowReply.Description + " A one-call request is answered for good.",
            Schema = EitherResponse,
        },
        Refusals =
        [
            Errors.Malformed, Fault.NoTestUser, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.OtherProductsTestUser, Fault.StillRunning,
                Fault.OtherBody, Fault.TooManyRequests,
        ],
    };
}
