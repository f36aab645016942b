using Countersign.Core;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>POST /v3/verify-status: how a verify flow stands. It decides nothing and changes nothing, however often it is asked.</summary>
internal sealed class VerifyStatus(V3Endpoint v3, FlowRunner runner, IIdentityStore identities) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static VerifyStatusRequest Read(RequestBody body, HttpContext context, Caller caller) => new(
        body.Read(VerifyStatusOperation.Id), body.Read(Members.ClientRequestId));

    private async Task<Answer> HandleAsync(Call<VerifyStatusRequest> call)
    {
        var flow = await runner.FindAsync(
            call.Request.Id, call.Caller.Project.Id, Product.VerifiedUsers, call.Aborted);

        // Unknown, expired, another project's and another product's are one answer: nobody learns which ids exist.
        if (flow is null)
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }

        // Polls go on until there is a result, so what only a success has to say is not looked for before.
        var outcome = VerifyOutcome.Of(flow);
        var identity = outcome.Success == "true"
            ? await identities.FindAsync(flow.ProjectId, flow.Number, call.Aborted)
            : null;
        return Answer.Ok(
            new VerifyStatusResponse(
                outcome.Success, outcome.PossessionResult, outcome.VerifyResult,
                identity is { Status: IdentityStatus.Active } ? identity.Id : null, flow.Id.ToString(), outcome.Evaluation),
            VerifiedUsersJson.Answers.VerifyStatusResponse);
    }
}

internal sealed record VerifyStatusRequest(CorrelationId Id, string? ClientRequestId)
{
    public override string ToString() => Id.ToString();
}

/// <param name="IdentityId">The proveId of the person, where the project has them enrolled and active and the flow has succeeded.</param>
internal sealed record VerifyStatusResponse(
    string Success, string PossessionResult, string VerifyResult, Guid? IdentityId, string CorrelationId,
    IReadOnlyDictionary<string, Evaluation>? Evaluation);
