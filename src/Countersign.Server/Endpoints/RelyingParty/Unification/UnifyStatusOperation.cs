using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>What <c>POST /v3/unify-status</c> promises.</summary>
internal static class UnifyStatusOperation
{
    // A row of a table stays one line.
    private const string PossessionRequired =
        "a flow of type `none`, at once: if it still says so when the page is done, check possession yourself, then call `/v3/unify-bind`";

    public static Member<string?> PhoneNumber { get; } = Member.Optional(
        Members.PhoneNumber, Fields.Phone with { Min = null, Pattern = "^[A-Za-z0-9+]*$" },
        "Taken from older integrations and not needed: the flow has its number.");

    public static Operation Operation { get; } = new()
    {
        Id = "unifyStatus",
        Tag = UnifyMembers.Tag,
        Summary = "Read the result of a unify flow",
        Description =
            $"""
            Says how a flow of `/v3/unify` stands. Asking changes nothing, so ask as often as you like; the right moment is when the browser
            SDK calls its finish callback, and by then the result is final. Only this answer counts.

            | `success` | Meaning |
            |---|---|
            | `pending` | the person is not done, or never began |
            | `possession_required` | {PossessionRequired} |
            | `true` | the person holds the phone; `proveId` says who, `deviceId` by which browser |
            | `false` | the person did not show that they hold the phone, or is not who was asked for by `proveId`: `evaluation` says why |

            A flow can be read for 15 minutes from the answer that began it. After that its id is unknown: 8008. The id of the example is a
            placeholder; take one from an answer of `/v3/unify`.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "UnifyStatusRequest", "Which flow.", IsClosed: false,
                UnifyMembers.CorrelationId,
                Members.ClientRequestId,
                PhoneNumber),
            Members.Object((UnifyMembers.CorrelationId, Members.ExampleId)),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "How the flow stands.", UnifyMembers.Status,
            Members.Object(("success", "true"), (PhoneNumber, UnifyMembers.TestUser), (Members.ProveId, Members.ExampleIdentity),
                (Members.DeviceId, UnifyMembers.ExampleDevice), (Members.ClientRequestId, "request-1"))),
        Refusals = [Fault.Missing(UnifyMembers.CorrelationId), Fault.UnknownCorrelationId, Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };
}
