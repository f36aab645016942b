using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>
/// What <c>POST /v3/unify</c> promises. The members stand in the order in which <see cref="Unify"/> reads them and names the bad ones.
/// </summary>
internal static class UnifyOperation
{
    public static Member<FlowType?> PossessionType { get; } = Members.PossessionType.Saying(
        """
        How the person shows that they hold the phone. `mobile`: the page runs on the phone itself, so the key that its browser keeps
        from an earlier flow, else Mobile Auth, else a code by text. `desktop`: the page runs elsewhere, so a link by text, opened on
        the phone. `none`: you check possession yourself and say so with `/v3/unify-bind`. One of `possessionType` and its alias
        `flowType` is required.
        """.ReplaceLineEndings(" "));

    public static Member<string?> PhoneNumber { get; } = Members.PhoneNumber.AsOptional();

    public static Member<Guid?> ProveId { get; } = Member.OptionalValue(Members.ProveId, Fields.Uuid with { Format = null },
        "An identity that your project knows. Without `phoneNumber` its number is taken; with it both must agree. One of the two is "
        + "required.");

    public static Member<string?> DeviceId { get; } = Members.DeviceId.Saying(
        "The device as you remember it. It decides nothing: a browser shows which device it is by its key.");

    public static Member<bool> Rebind { get; } = Member.Flag("rebind",
        "Whether a browser whose key belongs to another person of your project is tied to this one instead. Without it the key stays "
        + "theirs: the flow succeeds and names no device.");

    public static Member<bool> CheckReputation { get; } = Member.Flag("checkReputation",
        "Taken and not needed: what is known of the number is reported in every flow.");

    private static readonly ObjectSchema _request = new(
        "UnifyRequest", "Which number, and how the person shows that they hold its phone.", IsClosed: false,
        PossessionType,
        Members.FlowType,
        PhoneNumber,
        ProveId,
        DeviceId,
        Members.FinalTargetUrl,
        Members.SmsMessage,
        Members.ClientCustomerId,
        UnifyMembers.ClientHumanId,
        Members.ClientRequestId,
        Members.EmailAddress,
        Members.IpAddress,
        Members.AllowOtpRetry,
        Members.NumberChange,
        Members.Challenge,
        Members.AssuranceWanted,
        Rebind,
        CheckReputation);

    private static readonly ObjectSchema _response = new(
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
            (`deviceId`) belong together. A browser that is known spares the person the text: its key proves on its own. The answer is
            always `pending`; the result is read with `/v3/unify-status` once the browser is done.

            One of `possessionType` and `flowType`, and one of `phoneNumber` and `proveId`, are required; `finalTargetUrl` too when the flow
            is `desktop`. Where your project and this call permit it, the person may give another number in the browser, up to three times;
            the result is then the last one's, and says `numberChanged`. Not so with
            `proveId`: the flow is then about that person alone, their number cannot be changed, and whoever else proves it does not end as
            `true`.

            Send an `Idempotency-Key` when you repeat calls that got no answer, as with `/v3/verify`.
            """,
        Credentials = Document.AccessToken,
        Parameters = [FlowStartMembers.IdempotencyKey],
        Body = new Body(
            _request,
            Members.Object((PossessionType, "mobile"), (PhoneNumber, UnifyMembers.TestUser), (Members.ClientRequestId, "request-1")),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The flow has begun.", _response,
            Members.Object(
                ("authToken", Members.ExampleToken), (Members.CorrelationIdName, Members.ExampleId), ("success", UnifyOutcome.Pending))),
        Refusals =
        [
            Errors.Malformed, Fault.NoTestUser, Fault.NotAuthorized, Fault.StepNotAllowed, Fault.OtherProductsTestUser, Fault.NotFound,
            Fault.StillRunning, Fault.OtherBody, Fault.TooManyRequests,
        ],
    };
}
