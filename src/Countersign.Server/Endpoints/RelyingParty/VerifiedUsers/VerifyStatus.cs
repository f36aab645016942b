using Countersign.Core;
using Countersign.Core.VerifiedUser.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>POST /v3/verify-status: how a verify flow stands.</summary>
internal sealed class VerifyStatus(V3Endpoint v3, VerifyResults results, Assurances assurances) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static VerifyStatusRequest Read(RequestBody body, HttpContext context, Caller caller) => new(
        body.Read(VerifyStatusOperation.Id), body.Read(Members.ClientRequestId));

    private async Task<Answer> HandleAsync(Call<VerifyStatusRequest> call)
    {
        if (await results.FindAsync(call.Request.Id, call.Caller.Project.Id, call.Aborted) is not { Flow: var flow } result)
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }
        var outcome = VerifyOutcome.Of(flow);
        return Answer.Ok(
            new VerifyStatusResponse(
                outcome.Success, outcome.PossessionResult, outcome.VerifyResult, result.Enrolled, flow.Id.ToString(),
                assurances.Of(flow), outcome.Evaluation),
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
    PossessionAssurance? Assurance, IReadOnlyDictionary<string, Evaluation>? Evaluation);
