using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>What <c>POST /v3/unify</c> promises. The members stand in the order in which <see cref="Unify"/> reads them and names the bad ones.</summary>
internal static class UnifyOperation
{
    private static readonly ObjectSchema Request = new(
        "UnifyRequest", "Which number, and how the person shows that they hold its phone.", IsClosed: false,
        new Member("possessionType", Schema.Word(
            """
            How the person shows that they hold the phone. `mobile`: the page runs on the phone itself, so the key that its browser keeps from an
            earlier flow, else Mobile Auth, else a code by text. `desktop`: the page runs elsewhere, so a link by text, opened on the phone. `none`:
            you check possession yourself and say so with `/v3/unify-bind`. One of `possessionType` and its alias `flowType` is required.
            """.ReplaceLineEndings(" "),
            Fields.FlowTypes)),
        Members.FlowType,
        Members.PhoneNumber with { IsRequired = false },
        new Member("proveId", Schema.Text(
            "An identity that your project knows. Without `phoneNumber` its number is taken; with it both must agree. One of the two is required.",
            pattern: Members.UuidPattern)),
        new Member("deviceId", Schema.Text(
            "The device as you remember it. It decides nothing: a browser shows which device it is by its key.",
            most: Fields.MostIdCharacters, pattern: Members.PrintablePattern)),
        Members.FinalTargetUrl,
        Members.SmsMessage,
        Members.ClientCustomerId,
        UnifyMembers.ClientHumanId,
        Members.ClientRequestId,
        Members.EmailAddress,
        Members.IpAddress,
        Members.AllowOtpRetry,
        new Member("rebind", Schema.Flag(
            "Whether a browser whose key belongs to another person of your project is tied to this one instead. Without it the key stays "
                + "theirs: the flow succeeds and names no device.", standard: false)),
        new Member("checkReputation", Schema.Flag("Taken and not needed: what is known of the number is reported in every flow.", standard: false)));

    private static readonly ObjectSchema Response = new(
        "UnifyResponse", "The flow that has begun.", IsClosed: true,
        new Member("authToken", Schema.Text("Hand it to the browser SDK in your page: the browser's credential for this one flow, good for "
            + "15 minutes. With `none` too: a browser may place its key, or show the one it has."), IsRequired: true),
        Members.CorrelationId("Names the flow in `/v3/unify-status` and `/v3/unify-bind`. Keep it on your server."),
        new Member("success", Schema.Word("Always `pending`. A text, not a boolean.", UnifyOutcome.Pending), IsRequired: true));

    public static Operation Operation { get; } = new()
    {
        Id = "unify",
        Tag = UnifyMembers.Tag,
        Summary = "Recognise a person by their phone",
        Description =
            """
            Begins a flow at whose end a phone number, an identity of your project (`proveId`) and, where the browser has a key, a device
            (`deviceId`) belong together. A browser that is known spares the person the text: its key proves on its own. The answer is always
            `pending`; the result is read with `/v3/unify-status` once the browser is done.

            One of `possessionType` and `flowType`, and one of `phoneNumber` and `proveId`, are required; `finalTargetUrl` too when the flow is `desktop`.
            The person may give another number in the browser, up to three times; the result is the last one's. Not so with `proveId`: the flow is then about that
            person alone, their number cannot be changed, and whoever else proves it does not end as `true`.

            Send an `Idempotency-Key` when you repeat calls that got no answer, as with `/v3/verify`.
            """,
        Credentials = Document.AccessToken,
        Parameters = [Members.IdempotencyKey],
        Body = new Body(
            Request,
            Members.Object(("possessionType", "mobile"), ("phoneNumber", UnifyMembers.TestUser), ("clientRequestId", "request-1")),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The flow has begun.", Response,
            Members.Object(("authToken", Members.ExampleToken), ("correlationId", Members.ExampleId), ("success", UnifyOutcome.Pending))),
        Refusals =
        [
            Errors.Malformed, Fault.NoTestUser, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.OtherProductsTestUser, Fault.NotFound,
            Fault.StillRunning, Fault.OtherBody, Fault.TooManyRequests,
        ],
    };
}
