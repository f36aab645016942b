using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Unify;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>POST /v3/unify-status: how a unify flow stands. It decides nothing and changes nothing, however often it is asked.</summary>
internal sealed class UnifyStatus(V3Endpoint v3, FlowRunner runner, Assurances assurances) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static UnifyStatusRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var request = new UnifyStatusRequest(body.Read(UnifyMembers.CorrelationId), body.Read(Members.ClientRequestId));
        // Older integrations send the number too; the flow has its own.
        body.Read(UnifyStatusOperation.PhoneNumber);
        return request;
    }

    private async Task<Answer> HandleAsync(Call<UnifyStatusRequest> call)
    {
        var flow = await runner.FindAsync(
            call.Request.Id, call.Caller.Project.Id, Product.Unify, call.Aborted);

        // Unknown, expired, another project's and another product's are one answer: nobody learns which ids exist.
        return flow is null
            ? call.Refuse(Fault.UnknownCorrelationId)
            : Answer.Ok(
                UnifyStatusResponse.Of(flow, assurances.Of(flow), call.Request.ClientRequestId), UnifyJson.Answers.UnifyStatusResponse);
    }
}

internal sealed record UnifyStatusRequest(CorrelationId Id, string? ClientRequestId)
{
    public override string ToString() => Id.ToString();
}

/// <param name="PhoneNumber">As it was written; after a change, as the person typed it.</param>
internal sealed record UnifyStatusResponse(
    string Success, string PhoneNumber, bool? NumberChanged, PossessionAssurance? Assurance, Guid? ProveId, Guid? DeviceId,
    string? ClientHumanId, string? ClientRequestId, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    /// <param name="clientRequestId">Of the call that asks; without one, that of the call that began the flow is answered.</param>
    public static UnifyStatusResponse Of(Flow flow, PossessionAssurance? assurance, string? clientRequestId)
    {
        var outcome = UnifyOutcome.Of(flow);
        return new UnifyStatusResponse(
            outcome.Success, flow.NumberAsGiven ?? flow.Number.E164, flow.IsNumberChanged ? true : null, assurance,
            outcome.Identity?.ProveId, outcome.Identity?.DeviceId,
            (flow.Tail as UnifyProgress)?.ClientHumanId, clientRequestId ?? flow.ClientRequestId, outcome.Evaluation);
    }

    public override string ToString() => Success;
}
