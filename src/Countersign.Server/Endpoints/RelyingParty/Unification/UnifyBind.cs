using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Unify;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>POST /v3/unify-bind: the relying party's own check has passed. Accepted once, and only by a flow that asked for it.</summary>
internal sealed class UnifyBind(V3Endpoint v3, FlowRunner runner, INumberPlan plan) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static UnifyBindRequest Read(RequestBody body, HttpContext context, Caller caller) => new(
        body.Read(UnifyMembers.CorrelationId), body.Read(UnifyBindOperation.PhoneNumber), body.Read(Members.ClientRequestId));

    private async Task<Answer> HandleAsync(Call<UnifyBindRequest> call)
    {
        var id = call.Request.Id;
        if (await runner.FindAsync(id, call.Caller.Project.Id, Product.Unify, call.Aborted) is not { } found)
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }
        if (found.Tail is not UnifyProgress { State: UnifyState.AwaitingOwnCheck })
        {
            return call.Refuse(Fault.StepNotAllowed);
        }
        if (plan.Read(call.Request.PhoneNumber) is not { } number || number != plan.FormOf(found.Number))
        {
            return call.Refuse(Fault.Invalid(UnifyBindOperation.PhoneNumber, "is not the number of this flow"));
        }

        // Of many calls at once the flow is saved by one; what the others then find asks for no check any more.
        var isAccepted = false;
        var flow = await runner.ChangeAsync(
            id,
            (present, now) =>
            {
                var after = present.After(new UnifyEvent.OwnCheckPassed(), now);
                isAccepted = after != present;
                return after;
            },
            call.Aborted);
        if (flow is null)
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }
        return isAccepted
            ? Answer.Ok(
                UnifyStatusResponse.Of(await runner.SettleAsync(flow, CancellationToken.None) ?? flow, call.Request.ClientRequestId),
                UnifyJson.Answers.UnifyStatusResponse)
            : call.Refuse(Fault.StepNotAllowed);
    }
}

internal sealed record UnifyBindRequest(CorrelationId Id, string PhoneNumber, string? ClientRequestId)
{
    public override string ToString() => Id.ToString();
}
