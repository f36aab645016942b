using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>What <c>POST /v3/verify-status</c> promises.</summary>
internal static class VerifyStatusOperation
{
    public static Member<CorrelationId> Id { get; } = Members.CorrelationId("From the answer of `/v3/verify`.");

    public static Operation Operation { get; } = new()
    {
        Id = "verifyStatus",
        Tag = "verified users",
        Summary = "Read the result of a verification",
        Description =
            """
            Says how a flow of `/v3/verify` stands: `pending` three times until the browser is done, then the result. Asking changes
            nothing, so ask as often as you like; the right moment is when the browser SDK calls its finish callback, and by then the result
            is final. Only this answer counts: what a page reports can be made up by whoever sits in front of it.

            | `success` | `possessionResult` | `verifyResult` | Meaning |
            |---|---|---|---|
            | `pending` | `pending` | `pending` | the person is not done, or never began |
            | `true` | `success` | `success` | the person holds the phone and the name belongs to it |
            | `false` | `failed` | `failed` | wrong code, declined or too late; the name was never looked up |
            | `false` | `success` | `failed` | the phone is theirs; the name differs, has no record, or could not be looked up |
            | `true` or `false` | `not_applicable` | `success` or `failed` | a flow without a possession check |

            A flow can be read for 15 minutes from the answer that began it. After that its id is unknown: 8008. The id of the example is a
            placeholder; take one from an answer of `/v3/verify`.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "VerifyStatusRequest", "Which flow.", IsClosed: false,
                Id,
                Members.ClientRequestId),
            Members.Object((Id, Members.ExampleId)),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "How the flow stands.",
            new ObjectSchema(
                "VerifyStatusResponse", "How a flow stands.", IsClosed: true,
                [
                    .. Members.Outcome,
                    new Member("identityId",
                        Schema.Text("The person's id in your project (`proveId` of `/v3/identity`), when the flow has succeeded "
                        + "and you have enrolled its number and not deactivated it.", format: "uuid")),
                    Members.CorrelationId("The flow that was asked for."),
                    Members.Assurance,
                    Members.Evaluation,
                ]),
            Members.Object(("success", "true"), ("possessionResult", "success"), ("verifyResult", "success"),
                (Id, Members.ExampleId))),
        Refusals = [Fault.Missing(Id), Fault.UnknownCorrelationId, Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };
}
