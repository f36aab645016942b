using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>What <c>POST /v3/unify-bind</c> promises.</summary>
internal static class UnifyBindOperation
{
    public static Member<string> PhoneNumber { get; } = Members.PhoneNumber.Saying(
        "The number that you have checked. It must be the flow's, in any spelling.");

    public static Operation Operation { get; } = new()
    {
        Id = "unifyBind",
        Tag = UnifyMembers.Tag,
        Summary = "Say that your own possession check has passed",
        Description =
            """
            For flows of type `none`, when the page is done and `/v3/unify-status` says `possession_required`: your own check has passed, so
            number, identity and device are tied together now. The answer is that of `/v3/unify-status`. Accepted once; every other call is
            8003, also when a browser's key has proven the flow in the meantime: ask `/v3/unify-status`. A call before the page is done is
            `true` without a `deviceId`. When your check fails, call nothing: the flow ends by itself.

            The ids of the example are placeholders; take them from your flow.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "UnifyBindRequest", "Which flow, and the number that was checked.", IsClosed: false,
                UnifyMembers.CorrelationId,
                PhoneNumber,
                Members.ClientRequestId),
            Members.Object((UnifyMembers.CorrelationId, Members.ExampleId), (PhoneNumber, UnifyMembers.TestUser)),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The flow's result.", UnifyMembers.Status,
            Members.Object(("success", "true"), (PhoneNumber, UnifyMembers.TestUser), (Members.ProveId, Members.ExampleIdentity),
                (Members.ClientRequestId, "request-1"))),
        Refusals = [Fault.Missing(UnifyMembers.CorrelationId), Fault.UnknownCorrelationId, Fault.NotAuthorized, Fault.StepNotAllowed,
            Fault.TooManyRequests],
    };
}
