using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.OneCall;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>
/// POST /v3/verify, of two contracts. The two-call one begins a flow and answers with what the browser needs, or, without a possession
/// check, with the result; the one-call one, which has a verificationType, answers at once.
/// </summary>
internal static class Verify
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(ReadEither, HandleAsync);

    private static EitherVerify ReadEither(RequestBody body, HttpContext context, Caller caller) => body.IsGiven(OneCallRequest.Type)
        ? new EitherVerify(OneCall: OneCallRequest.Read(body))
        : new EitherVerify(Flow: Read(body, context, caller));

    internal static VerifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStart.ReadType(body, Fields.FlowTypes, "possessionType", "flowType");
        var number = body.Text("phoneNumber", isRequired: true, Fields.Phone) ?? "";
        var name = new PersonName(
            body.Text("firstName", isRequired: true, Fields.Name)?.Trim() ?? "",
            body.Text("lastName", isRequired: true, Fields.Name)?.Trim() ?? "");
        var target = FlowStart.ReadFinalTargetUrl(body, type, context, caller);
        var message = FlowStart.ReadSmsMessage(body, type, context, caller);
        var clientCustomerId = body.Text("clientCustomerId", check: Fields.ClientId);
        var clientRequestId = body.Text("clientRequestId", check: Fields.ClientId);
        body.Text("emailAddress", check: Fields.Email);
        var start = new FlowStart(type ?? FlowType.None, target, message, body.Flag("allowOTPRetry"));
        return new VerifyRequest(start, number, name, clientCustomerId, clientRequestId);
    }

    private static Task<Answer> HandleAsync(Call<EitherVerify> call) => call.Service<Idempotency>().RunAsync(call, keyed =>
        call.Request.OneCall is { } asked ? OneCallVerify.AnswerAsync(call, asked, keyed) : BeginAsync(call, call.Request.Flow!, keyed));

    private static async Task<Answer> BeginAsync(Call<EitherVerify> call, VerifyRequest request, KeyedCall? keyed)
    {
        var (answer, fault) = await call.Service<VerifyFlows>().BeginAsync(call.Caller.Project, request, keyed, call.Aborted);
        return answer ?? call.Refuse(fault!);
    }
}

/// <summary>A well-formed call of one of the two contracts: the other is null.</summary>
internal sealed record EitherVerify(VerifyRequest? Flow = null, OneCallRequest? OneCall = null);

/// <summary>Begins verify flows: for the endpoint above and for the sandbox's handset page.</summary>
internal sealed class VerifyFlows(INumberAdmission admission, FlowOpening opening)
{
    /// <param name="keyed">The call's idempotency key, or null.</param>
    public async Task<(Answer? Answer, Fault? Fault)> BeginAsync(
        Project project, VerifyRequest request, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        if ((await admission.AdmitAsync(request.PhoneNumber, NumberUse.VerifiedUsers, cancellationToken))
                .In(project.Settings).For(request.Start.Type) is var answer
            && answer is not Admission.Admitted admitted)
        {
            return (null, answer.ToFault());
        }

        return await opening.OpenAsync(
            project, Product.VerifiedUsers, request.Start, admitted,
            flow => flow with
            {
                Name = request.Name,
                ClientCustomerId = request.ClientCustomerId,
                ClientRequestId = request.ClientRequestId,
                VerifiedUser = new VerifiedUserState.AwaitingPossession(),
            },
            (flow, authToken) => Answer.Ok(VerifyResponse.Of(flow, authToken), HttpJson.Answers.VerifyResponse),
            keyed,
            cancellationToken);
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
    public static VerifyResponse Of(Flow flow, string? authToken)
    {
        var outcome = VerifyOutcome.Of(flow);
        return new VerifyResponse(
            authToken, flow.Id.ToString(), outcome.Success, outcome.PossessionResult, outcome.VerifyResult, outcome.Evaluation);
    }

    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
