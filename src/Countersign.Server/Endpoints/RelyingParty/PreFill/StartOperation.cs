using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>What <c>POST /v3/start</c> promises.</summary>
internal static class StartOperation
{
    // No "none" in this family: there is always a possession check.
    private static readonly TextShape<FlowType> _type = Shape.Word(("desktop", Core.FlowType.Desktop), ("mobile", Core.FlowType.Mobile));

    public static Member<FlowType?> FlowType { get; } = Member.OptionalValue(Members.FlowType, _type,
        "How the person shows that they hold the phone. `mobile`: the page runs on the phone itself, so Mobile Auth first and a code "
        + "by text where that is not possible. `desktop`: the page runs elsewhere, so a link by text, opened on the phone. One "
        + "of `flowType` and its alias `possessionType` is required.");

    public static Member<FlowType?> PossessionType { get; } = Member.OptionalValue(Members.PossessionType, _type,
        "Alias of `flowType`: the same parameter under its other name. Send either; when both are sent they must agree.");

    public static Operation Operation { get; } = new()
    {
        Id = "start",
        Tag = PreFillMembers.Tag,
        Summary = "Begin a pre-fill flow",
        Description =
            """
            Begins a flow in which a person shows that they hold the phone, and then either gets a form filled in (`/v3/challenge`, then
            `/v3/complete`) or has what they typed checked (`/v3/complete` alone). Which of the two is a setting of the project; in the
            sandbox the test user decides. Hand `authToken` to the browser SDK in your page and ask `/v3/validate` when it is done.

            `phoneNumber` and one of `flowType` and `possessionType` are required, `finalTargetUrl` too when the flow is `desktop`. `dob`
            and `ssn` are for the challenge and may be sent there instead; they are stored encrypted until the challenge is answered, and
            not at all in a flow without one.

            Send an `Idempotency-Key` when you repeat calls that got no answer: without it each call begins a flow of its own. The same key
            with the same body gets the same answer for 24 hours. Only answers with 200 are remembered.
            """,
        Credentials = Document.AccessToken,
        Parameters = [FlowStartMembers.IdempotencyKey],
        Body = new Body(
            new ObjectSchema(
                "StartRequest", "Whose phone, and on which device they begin.", IsClosed: false,
                FlowType,
                PossessionType,
                Members.PhoneNumber,
                Members.FinalTargetUrl,
                Members.SmsMessage,
                Members.EmailAddress,
                Members.IpAddress,
                PreFillMembers.BirthDate,
                PreFillMembers.Ssn,
                PreFillMembers.LastFour,
                Members.AllowOtpRetry,
                Members.NumberChange,
                Members.Challenge,
                Members.AssuranceWanted,
                Members.ClientCustomerId,
                Members.ClientRequestId),
            Members.Object((FlowType, "mobile"), (Members.PhoneNumber, "2001001695"), (PreFillMembers.BirthDate, "1981-01")),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The flow has begun.",
            new ObjectSchema(
                "StartResponse", "The flow that has begun.", IsClosed: true,
                new Member("authToken",
                    Schema.Text("Hand it to the browser SDK in your page: the browser's credential for this one flow, good for "
                    + "15 minutes."), IsRequired: true),
                Members.CorrelationId("Names the flow in the calls that follow. Keep it on your server."),
                PreFillMembers.Next(NextStep.Validate)),
            Members.Object(
                ("authToken", Members.ExampleToken), (Members.CorrelationIdName, Members.ExampleId),
                ("next", Members.Object(("v3-validate", "/v3/validate"))))),
        Refusals =
        [
            Errors.Malformed, Fault.NoTestUser, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.OtherProductsTestUser, Fault.StillRunning,
            Fault.OtherBody, Fault.TooManyRequests,
        ],
    };
}
