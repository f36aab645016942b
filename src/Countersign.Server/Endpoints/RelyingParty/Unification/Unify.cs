using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Unify.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>POST /v3/unify: begins a flow at whose end a number, an identity and, where one took part, a device belong together.</summary>
internal sealed class Unify(V3Endpoint v3, Idempotency idempotency, UnifyStarter starter, StartAnswers answers, FlowStartMembers members)
    : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private UnifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStartMembers.ReadType(body, UnifyOperation.PossessionType, Members.FlowType);
        // An identity that is named brings its number along.
        var number = body.Read(UnifyOperation.PhoneNumber, isRequired: !body.IsGiven(UnifyOperation.ProveId));
        var proveId = body.Read(UnifyOperation.ProveId);
        // The browser's key says which device it is: what the relying party remembers of it decides nothing.
        body.Read(UnifyOperation.DeviceId);
        var target = members.ReadFinalTargetUrl(body, type, caller);
        var message = members.ReadSmsMessage(body, type, caller);
        var clientCustomerId = body.Read(Members.ClientCustomerId);
        var clientHumanId = body.Read(UnifyMembers.ClientHumanId);
        var clientRequestId = body.Read(Members.ClientRequestId);
        body.Read(Members.EmailAddress);
        body.Read(Members.IpAddress);
        var start = new FlowStart(
            type.GetValueOrDefault(), target, message, body.Read(Members.AllowOtpRetry), caller.ClientId,
            members.ReadNumberChange(body, caller), FlowStartMembers.ReadChallenge(body), body.Read(Members.AssuranceWanted));
        var rebinds = body.Read(UnifyOperation.Rebind);
        // Signals about the number are reported in every flow.
        body.Read(UnifyOperation.CheckReputation);
        return new UnifyRequest(start, number, proveId, clientCustomerId, clientHumanId, clientRequestId, rebinds);
    }

    private Task<Answer> HandleAsync(Call<UnifyRequest> call) => idempotency.RunAsync(call.Context, call.Caller, call.Body, async keyed =>
    {
        var project = call.Caller.Project;
        var answer = answers.Of(project, (flow, authToken) => Answer.Ok(
            new UnifyResponse(authToken, flow.Id.ToString(), UnifyOutcome.Pending), UnifyJson.Answers.UnifyResponse));
        return answers.Say(await starter.StartAsync(project, call.Request, answer, keyed, call.Aborted), project);
    });
}

internal sealed record UnifyResponse(string AuthToken, string CorrelationId, string Success)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
