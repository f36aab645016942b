using System.Diagnostics;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What calls that begin flows are answered, whatever the product.</summary>
internal sealed class StartAnswers(Tokens tokens, TimeProvider time)
{
    /// <param name="pending">Gets the token for the browser.</param>
    /// <param name="decided">Where there is nothing for a browser to do; null for a product in which there always is.</param>
    public StartAnswer Of(Project project, Func<Flow, string, Answer> pending, Func<Flow, Answer>? decided = null) =>
        async (flow, matchDigits, cancellationToken) =>
        {
            var answer = decided is not null && flow.Possession is PossessionState.NotApplicable
                ? decided(flow)
                : pending(flow, await tokens.IssueAuthAsync(flow, project.Settings, matchDigits, cancellationToken));
            return answer.Body.ToArray();
        };

    public Answer Say(StartOutcome outcome, Project project) => outcome switch
    {
        StartOutcome.Started { Answer: var body } => new Answer(StatusCodes.Status200OK, body),
        StartOutcome.Repeated { First: var first } => Idempotency.Say(first, project.Settings.ErrorCodes),
        StartOutcome.Refused { Why: var why } => Refuse(why.ToFault(), project),
        StartOutcome.Limited { Reached: var reached } => Refuse(Fault.Of(reached, time.GetUtcNow()), project),
        StartOutcome.ChallengeTaken => Refuse(
            Fault.Invalid($"{Members.Challenge}.{Members.ChallengeId}", "was named by another call; each challenge counts once"), project),
        StartOutcome.NoSuchIdentity => Refuse(Fault.NotFound, project),
        StartOutcome.NumberHasGone =>
            Refuse(Fault.Invalid(Members.ProveId, "the number of this person has gone to somebody else"), project),
        StartOutcome.OtherNumber => Refuse(Fault.Invalid(Members.PhoneNumber, "is not the number of this proveId"), project),
        _ => throw new UnreachableException(),
    };

    private static Answer Refuse(Fault fault, Project project) => Answer.Of(fault, project.Settings.ErrorCodes);
}
