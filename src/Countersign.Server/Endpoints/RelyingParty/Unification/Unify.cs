using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Unify.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>POST /v3/unify: begins a flow at whose end a number, an identity and, where one took part, a device belong together.</summary>
internal sealed class Unify(V3Endpoint v3, Idempotency idempotency, UnifyStarter starter, StartAnswers answers, FlowStartMembers members) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private UnifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStartMembers.ReadType(body, Fields.FlowTypes, "possessionType", "flowType");
        // An identity that is named brings its number along.
        var number = body.Text("phoneNumber", isRequired: !body.IsGiven("proveId"), Fields.Phone);
        var proveId = body.Text("proveId", check: Fields.Uuid);
        // The browser's key says which device it is: what the relying party remembers of it decides nothing.
        body.Text("deviceId", check: Fields.ClientId);
        var target = members.ReadFinalTargetUrl(body, type, caller);
        var message = members.ReadSmsMessage(body, type, caller);
        var clientCustomerId = body.Text("clientCustomerId", check: Fields.ClientId);
        var clientHumanId = body.Text("clientHumanId", check: Fields.ClientId);
        var clientRequestId = body.Text("clientRequestId", check: Fields.ClientId);
        body.Text("emailAddress", check: Fields.Email);
        body.Text("ipAddress", check: Fields.IpAddress);
        var start = new FlowStart(type ?? FlowType.None, target, message, body.Flag("allowOTPRetry"));
        var rebinds = body.Flag("rebind");
        // Signals about the number are reported in every flow.
        body.Flag("checkReputation");
        return new UnifyRequest(
            start, number, Guid.TryParse(proveId, out var id) ? id : null, clientCustomerId, clientHumanId, clientRequestId, rebinds);
    }

    private Task<Answer> HandleAsync(Call<UnifyRequest> call) => idempotency.RunAsync(call.Context, call.Caller, call.Body, async keyed =>
    {
        var project = call.Caller.Project;
        var answer = answers.Of(project, (flow, authToken) => Answer.Ok(
            new UnifyResponse(authToken, flow.Id.ToString(), UnifyOutcome.Pending), UnifyJson.Answers.UnifyResponse));
        return StartAnswers.Say(await starter.StartAsync(project, call.Request, answer, keyed, call.Aborted), project);
    });
}

internal sealed record UnifyResponse(string AuthToken, string CorrelationId, string Success)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
