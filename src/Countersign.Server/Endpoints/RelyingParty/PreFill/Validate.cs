using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.PreFill;
using Countersign.Core.PreFill.Calls;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>
/// POST /v3/validate: whether possession is proven, and what comes next. It may be asked again until challenge or complete was accepted and
/// says what is true at that moment.
/// </summary>
internal sealed class Validate(V3Endpoint v3, FlowRunner runner, PreFillCalls calls, Assurances assurances) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static ValidateRequest Read(RequestBody body, HttpContext context, Caller caller) =>
        new(body.Read(PreFillMembers.CorrelationId));

    private async Task<Answer> HandleAsync(Call<ValidateRequest> call)
    {
        var id = call.Request.Id;
        if (await runner.IsKnownAsync(id, call.Caller, call.Aborted)
            && await calls.ValidateAsync(id, call.Aborted) is { Tail: PreFillProgress progress } flow)
        {
            return NextAfter(progress.State) is { } next
                ? Answer.Ok(AnswerOf(flow, progress, next), PreFillJson.Answers.ValidateResponse)
                : call.Refuse(Fault.StepNotAllowed);
        }
        return call.Refuse(Fault.UnknownCorrelationId);
    }

    /// <summary>Null when validate is not allowed any more.</summary>
    private static IReadOnlyDictionary<string, string>? NextAfter(PreFillState state) => state switch
    {
        PreFillState.AwaitingPossession => NextStep.Validate,
        PreFillState.AwaitingChallenge => NextStep.Challenge,
        PreFillState.AwaitingComplete { IsChallenged: false } => NextStep.Complete,
        PreFillState.Failed => NextStep.Done,
        _ => null,
    };

    private ValidateResponse AnswerOf(Flow flow, PreFillProgress progress, IReadOnlyDictionary<string, string> next) => new(
        Success: progress.State is PreFillState.AwaitingChallenge or PreFillState.AwaitingComplete,
        ChallengeMissing: progress is { Shape: StartShape.PreFill, BirthDate: null, Ssn: null },
        flow.NumberAsGiven,
        flow.IsNumberChanged ? true : null,
        assurances.Of(flow),
        next,
        PreFillEvaluation.Of(flow));
}

internal sealed record ValidateRequest(CorrelationId Id)
{
    public override string ToString() => Id.ToString();
}

internal sealed record ValidateResponse(
    bool Success, bool ChallengeMissing, string? PhoneNumber, bool? NumberChanged, PossessionAssurance? Assurance,
    IReadOnlyDictionary<string, string> Next, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    public override string ToString() => Success.ToString();
}
