using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.PreFill.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>POST /v3/complete: whether the person's own description of themselves is confirmed. Accepted once; it ends the flow.</summary>
internal sealed class Complete(V3Endpoint v3, FlowRunner runner, PreFillCalls calls, PersonFields person) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private CompleteRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var id = body.Read(PreFillMembers.CorrelationId);
        if (body.Read(PreFillMembers.Described) is not { } individual)
        {
            return new CompleteRequest(id, new Person(null, [], []));
        }
        if (!(individual.IsGiven(Members.FirstName) && individual.IsGiven(Members.LastName)) && !individual.IsGiven(PreFillMembers.Ssn))
        {
            body.Invalid(PreFillMembers.Described, $"needs {Members.FirstName} and {Members.LastName}, or {PreFillMembers.Ssn}");
        }
        return new CompleteRequest(id, person.ReadIndividual(individual));
    }

    private async Task<Answer> HandleAsync(Call<CompleteRequest> call)
    {
        var id = call.Request.Id;
        if (!await runner.IsKnownAsync(id, call.Caller, call.Aborted))
        {
            return call.Refuse(Fault.UnknownCorrelationId);
        }
        return await calls.CompleteAsync(id, call.Request.Individual, call.Aborted) switch
        {
            CallOutcome<PersonCheck>.Answered answered => Answer.Ok(AnswerOf(answered), PreFillJson.Answers.CompleteResponse),
            CallOutcome<PersonCheck>.Refused refused => Answer.Ok(
                new CompleteResponse(
                    false, refused.IsNumberChanged ? true : null, NextStep.Done, null, null,
                    PreFillEvaluation.Of(refused.Refusal, refused.Risk)),
                PreFillJson.Answers.CompleteResponse),
            CallOutcome<PersonCheck>.OutOfOrder => call.Refuse(Fault.StepNotAllowed),
            _ => call.Refuse(Fault.UnknownCorrelationId),
        };
    }

    private static CompleteResponse AnswerOf(CallOutcome<PersonCheck>.Answered answered)
    {
        var compared = answered.Answer as PersonCheck.Compared;
        return new CompleteResponse(
            compared is { Comparison.IsConfirmed: true },
            answered.IsNumberChanged ? true : null,
            NextStep.Done,
            compared is null ? null : Idv.Of(compared.Comparison),
            compared?.WatchLists is { } lists ? Kyc.Of(lists) : null,
            PreFillEvaluation.Of(answered.Answer, answered.Risk));
    }
}

/// <summary>A well-formed complete call.</summary>
internal sealed record CompleteRequest(CorrelationId Id, Person Individual)
{
    public override string ToString() => Id.ToString();
}

internal sealed record CompleteResponse(
    bool Success, bool? NumberChanged, IReadOnlyDictionary<string, string> Next, Idv? Idv, Kyc? Kyc,
    IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    public override string ToString() => Success.ToString();
}
