using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>POST /v3/verify: begins a flow and answers with what the browser needs, or, without a possession check, with the result.</summary>
internal static class Verify
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    internal static VerifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        if (body.IsGiven("verificationType"))
        {
            body.Invalid("verificationType", "one-call verify is not offered; send flowType");
        }
        var type = FlowStart.ReadType(body, Fields.FlowTypes, "possessionType", "flowType");
        var number = body.Text("phoneNumber", isRequired: true, Fields.Phone) ?? "";
        var name = new PersonName(
            body.Text("firstName", isRequired: true, Fields.Name)?.Trim() ?? "",
            body.Text("lastName", isRequired: true, Fields.Name)?.Trim() ?? "");
        var target = FlowStart.ReadFinalTargetUrl(body, type);
        var message = FlowStart.ReadSmsMessage(body, type, context, caller);
        var clientCustomerId = body.Text("clientCustomerId", check: Fields.ClientId);
        var clientRequestId = body.Text("clientRequestId", check: Fields.ClientId);
        body.Text("emailAddress", check: Fields.Email);
        var start = new FlowStart(type ?? FlowType.None, target, message, body.Flag("allowOTPRetry"));
        return new VerifyRequest(start, number, name, clientCustomerId, clientRequestId);
    }

    private static Task<Answer> HandleAsync(Call<VerifyRequest> call) =>
        call.Context.RequestServices.GetRequiredService<Idempotency>().RunAsync(call, async () =>
        {
            var begun = await call.Context.RequestServices.GetRequiredService<VerifyFlows>()
                .BeginAsync(call.Caller.Project, call.Request, call.Aborted);
            return begun.Fault is { } fault ? call.Refuse(fault) : Answer.Ok(begun.Response!, HttpJson.Answers.VerifyResponse);
        });
}

/// <summary>Begins verify flows: for the endpoint above and for the sandbox's handset page.</summary>
internal sealed class VerifyFlows(INumberAdmission admission, FlowOpening opening)
{
    public async Task<(VerifyResponse? Response, Fault? Fault)> BeginAsync(Project project, VerifyRequest request, CancellationToken cancellationToken)
    {
        if (await admission.AdmitAsync(request.PhoneNumber, NumberUse.VerifiedUsers, cancellationToken) is var answer && answer is not Admission.Admitted admitted)
        {
            return (null, answer.ToFault());
        }

        var (flow, authToken) = await opening.OpenAsync(
            project, Product.VerifiedUsers, request.Start, admitted,
            flow => flow with
            {
                Name = request.Name,
                ClientCustomerId = request.ClientCustomerId,
                ClientRequestId = request.ClientRequestId,
                VerifiedUser = new VerifiedUserState.AwaitingPossession(),
            },
            cancellationToken);

        var outcome = VerifyOutcome.Of(flow);
        return (
            new VerifyResponse(authToken, flow.Id.ToString(), outcome.Success, outcome.PossessionResult, outcome.VerifyResult, outcome.Evaluation), null);
    }
}

/// <summary>A well-formed verify call.</summary>
internal sealed record VerifyRequest(
    FlowStart Start, string PhoneNumber, PersonName Name, string? ClientCustomerId, string? ClientRequestId)
{
    public override string ToString() => Start.ToString();
}

internal sealed record VerifyResponse(
    string? AuthToken, string CorrelationId, string Success, string PossessionResult, string VerifyResult, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
