using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.PreFill.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>POST /v3/start: begins a flow that fills in or checks a person's data once they have shown that they hold the phone.</summary>
internal sealed class Start(
    V3Endpoint v3, Idempotency idempotency, PreFillStarter starter, StartAnswers answers, FlowStartMembers members, PersonFields person)
    : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private PreFillRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStartMembers.ReadType(body, StartOperation.FlowType, StartOperation.PossessionType);
        var number = body.Read(Members.PhoneNumber);
        var target = members.ReadFinalTargetUrl(body, type, caller);
        var message = members.ReadSmsMessage(body, type, caller);
        body.Read(Members.EmailAddress);
        body.Read(Members.IpAddress);
        var birthDate = person.ReadBirthDate(body);
        var ssn = PersonFields.ReadSsn(body);
        var start = new FlowStart(
            type.GetValueOrDefault(), target, message, body.Read(Members.AllowOtpRetry), caller.ClientId,
            members.ReadNumberChange(body, caller), FlowStartMembers.ReadChallenge(body), body.Read(Members.AssuranceWanted));
        var clientCustomerId = body.Read(Members.ClientCustomerId);
        var clientRequestId = body.Read(Members.ClientRequestId);
        return new PreFillRequest(start, number, birthDate, ssn, clientCustomerId, clientRequestId);
    }

    private Task<Answer> HandleAsync(Call<PreFillRequest> call) => idempotency.RunAsync(call.Context, call.Caller, call.Body, async keyed =>
    {
        var project = call.Caller.Project;
        var answer = answers.Of(project, (flow, authToken) => Answer.Ok(
            new StartResponse(authToken, flow.Id.ToString(), NextStep.Validate), PreFillJson.Answers.StartResponse));
        return answers.Say(await starter.StartAsync(project, call.Request, answer, keyed, call.Aborted), project);
    });
}

internal sealed record StartResponse(string AuthToken, string CorrelationId, IReadOnlyDictionary<string, string> Next)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
