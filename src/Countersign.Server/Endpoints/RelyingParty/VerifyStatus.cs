using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>POST /v3/verify-status: how a verify flow stands. It decides nothing and changes nothing, however often it is asked.</summary>
internal static class VerifyStatus
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static VerifyStatusRequest Read(RequestBody body, HttpContext context, Caller caller) => new(
        body.Text("correlationId", isRequired: true, Fields.CorrelationIdShape) ?? "",
        body.Text("clientRequestId", check: Fields.ClientId));

    private static async Task<Answer> HandleAsync(Call<VerifyStatusRequest> call)
    {
        var runner = call.Context.RequestServices.GetRequiredService<FlowRunner>();
        var flow = await runner.FindAsync(
            CorrelationId.Parse(call.Request.CorrelationId), call.Caller.Project.Id, Product.VerifiedUsers, call.Aborted);

        // Unknown, expired, another project's and another product's are one answer: nobody learns which ids exist.
        if (flow is null)
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }

        var outcome = VerifyOutcome.Of(flow);
        return Answer.Ok(
            new VerifyStatusResponse(outcome.Success, outcome.PossessionResult, outcome.VerifyResult, flow.Id.ToString(), outcome.Evaluation),
            HttpJson.Answers.VerifyStatusResponse);
    }
}

internal sealed record VerifyStatusRequest(string CorrelationId, string? ClientRequestId)
{
    public override string ToString() => CorrelationId;
}

internal sealed record VerifyStatusResponse(
    string Success, string PossessionResult, string VerifyResult, string CorrelationId, IReadOnlyDictionary<string, Evaluation>? Evaluation);
