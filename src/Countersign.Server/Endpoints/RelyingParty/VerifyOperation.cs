using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What <c>POST /v3/verify</c> promises. The members stand in the order in which <see cref="Verify"/> reads them and names the bad ones.</summary>
internal static class VerifyOperation
{
    public static ObjectSchema Request { get; } = new(
        "VerifyRequest", "Who is to be verified, and how they show that they hold the phone.", IsClosed: false,
        Members.PossessionType,
        Members.FlowType,
        Members.PhoneNumber,
        Members.Name("firstName", "Given name, as the person writes it."),
        Members.Name("lastName", "Family name, as the person writes it."),
        Members.FinalTargetUrl,
        Members.SmsMessage,
        Members.ClientCustomerId,
        Members.ClientRequestId,
        Members.EmailAddress,
        Members.AllowOtpRetry);

    public static ObjectSchema Response { get; } = new(
        "VerifyResponse", "The flow that has begun, or without a possession check its result.", IsClosed: true,
        [
            new Member("authToken", Schema.Text("Hand it to the browser SDK in your page: the browser's credential for this one flow, "
                + "good for 15 minutes. Absent when the flow is `none`.")),
            Members.CorrelationId("Names the flow in `/v3/verify-status`. Keep it on your server."),
            .. Members.Outcome,
            Members.Evaluation,
        ]);

    public static Operation Operation { get; } = new()
    {
        Id = "verify",
        Tag = "verified users",
        Summary = "Begin a verification",
        Description =
            """
            Begins a flow that shows two things: that the person holds the phone, and that the name belongs to its number. For `mobile` and `desktop`
            the answer is `pending` three times with an auth token for the browser; the result is read with `/v3/verify-status` once the browser is
            done. For `none` the result is in the answer.

            `phoneNumber`, `firstName`, `lastName` and one of `possessionType` and `flowType` are required, `finalTargetUrl` too when the flow is
            `desktop`. A request with `verificationType` belongs to the one-call contract, which this version does not offer: it is refused with 8001.

            Send an `Idempotency-Key` when you repeat calls that got no answer: without it each call begins a flow of its own. The same key with the
            same body gets the same answer for 24 hours, even after the flow itself has ended. Only answers with 200 are remembered. A new flow never
            ends another flow of the same number.
            """,
        Credentials = Document.AccessToken,
        Parameters = [Members.IdempotencyKey],
        Body = new Body(
            Request,
            Members.Object(
                ("possessionType", "mobile"), ("phoneNumber", Members.TestUser.Number), ("firstName", Members.TestUser.FirstName),
                    ("lastName", Members.TestUser.LastName)),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The flow has begun; without a possession check it has ended too. A negative result is an answer "
                + "with 200 as well.", Response,
            Members.Object(
                ("authToken", Members.ExampleToken), ("correlationId", Members.ExampleId), ("success", "pending"),
                    ("possessionResult", "pending"), ("verifyResult", "pending"))),
        Refusals =
        [
            Errors.Malformed, Fault.NoTestUser, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.OtherProductsTestUser, Fault.StillRunning,
                Fault.OtherBody, Fault.TooManyRequests,
        ],
    };
}
