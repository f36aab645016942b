using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Unify.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>POST /v3/unify-bind: the relying party's own check has passed.</summary>
internal sealed class UnifyBind(V3Endpoint v3, OwnCheck check, Assurances assurances) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static UnifyBindRequest Read(RequestBody body, HttpContext context, Caller caller) => new(
        body.Read(UnifyMembers.CorrelationId), body.Read(UnifyBindOperation.PhoneNumber), body.Read(Members.ClientRequestId));

    private async Task<Answer> HandleAsync(Call<UnifyBindRequest> call)
    {
        var request = call.Request;
        return await check.AcceptAsync(request.Id, call.Caller.Project.Id, request.PhoneNumber, call.Aborted) switch
        {
            OwnCheckOutcome.Accepted { Flow: var flow } =>
                Answer.Ok(
                    UnifyStatusResponse.Of(flow, assurances.Of(flow), request.ClientRequestId), UnifyJson.Answers.UnifyStatusResponse),
            OwnCheckOutcome.UnknownFlow => call.Refuse(Fault.UnknownCorrelationId),
            OwnCheckOutcome.OutOfOrder => call.Refuse(Fault.StepNotAllowed),
            OwnCheckOutcome.OtherNumber =>
                call.Refuse(Fault.Invalid(UnifyBindOperation.PhoneNumber, "is not the number of this flow")),
            _ => throw new UnreachableException(),
        };
    }
}

internal sealed record UnifyBindRequest(CorrelationId Id, string PhoneNumber, string? ClientRequestId)
{
    public override string ToString() => Id.ToString();
}
