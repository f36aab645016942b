using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.VerifiedUser.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.OneCall;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>
/// POST /v3/verify, of two contracts. The two-call one begins a flow and answers with what the browser needs, or, without a possession
/// check, with the result; the one-call one, which has a verificationType, answers at once.
/// </summary>
internal sealed class Verify(
    V3Endpoint v3, Idempotency idempotency, VerifyStarter starter, StartAnswers answers, FlowStartMembers members, Assurances assurances,
    OneCallVerify oneCall)
    : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(ReadEither, HandleAsync);

    private EitherVerify ReadEither(RequestBody body, HttpContext context, Caller caller) => body.IsGiven(OneCallSchemas.Type)
        ? new EitherVerify.OneCall(OneCallRequest.Read(body))
        : new EitherVerify.TwoCalls(Read(body, context, caller));

    internal VerifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStartMembers.ReadType(body, Members.PossessionType, Members.FlowType);
        var number = body.Read(Members.PhoneNumber);
        var name = new PersonName(body.Read(Members.FirstName), body.Read(Members.LastName));
        var target = members.ReadFinalTargetUrl(body, type, caller);
        var message = members.ReadSmsMessage(body, type, caller);
        var clientCustomerId = body.Read(Members.ClientCustomerId);
        var clientRequestId = body.Read(Members.ClientRequestId);
        body.Read(Members.EmailAddress);
        var start = new FlowStart(
            type.GetValueOrDefault(), target, message, body.Read(Members.AllowOtpRetry), caller.ClientId,
            Challenge: FlowStartMembers.ReadChallenge(body), TellsAssurance: body.Read(Members.AssuranceWanted));
        return new VerifyRequest(start, number, name, clientCustomerId, clientRequestId);
    }

    private Task<Answer> HandleAsync(Call<EitherVerify> call) => call.Request switch
    {
        EitherVerify.OneCall { Request: var asked } => oneCall.AnswerAsync(call, asked),
        EitherVerify.TwoCalls { Request: var asked } => idempotency.RunAsync(
            call.Context, call.Caller, call.Body, keyed => BeginAsync(call.Caller.Project, asked, keyed, call.Aborted)),
        _ => throw new UnreachableException(),
    };

    /// <summary>Begins a flow: for the endpoint above and for the sandbox's handset page.</summary>
    internal async Task<Answer> BeginAsync(Project project, VerifyRequest request, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        var answer = answers.Of(project, Say, flow => Say(flow, authToken: null));
        return answers.Say(await starter.StartAsync(project, request, answer, keyed, cancellationToken), project);
    }

    private Answer Say(Flow flow, string? authToken) =>
        Answer.Ok(VerifyResponse.Of(flow, authToken, assurances.Of(flow)), VerifiedUsersJson.Answers.VerifyResponse);
}

/// <summary>A well-formed call of one of the two contracts: a closed set.</summary>
internal abstract record EitherVerify
{
    private EitherVerify() { }

    public sealed override string ToString() => GetType().Name;

    internal sealed record OneCall(OneCallRequest Request) : EitherVerify;

    internal sealed record TwoCalls(VerifyRequest Request) : EitherVerify;
}

internal sealed record VerifyResponse(
    string? AuthToken, string CorrelationId, string Success, string PossessionResult, string VerifyResult,
    PossessionAssurance? Assurance, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    public static VerifyResponse Of(Flow flow, string? authToken, PossessionAssurance? assurance)
    {
        var outcome = VerifyOutcome.Of(flow);
        return new VerifyResponse(
            authToken, flow.Id.ToString(), outcome.Success, outcome.PossessionResult, outcome.VerifyResult, assurance,
            outcome.Evaluation);
    }

    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
