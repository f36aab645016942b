using System.Diagnostics;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What calls that begin flows are answered, whatever the product.</summary>
internal static class StartAnswers
{
    /// <param name="make">Gets the token for the browser, which is null when there is nothing for a browser to do.</param>
    public static StartAnswer Of(HttpContext context, Project project, Func<Flow, string?, Answer> make)
    {
        var tokens = context.RequestServices.GetRequiredService<Tokens>();
        return async (flow, matchDigits, cancellationToken) =>
        {
            var authToken = flow.Possession is PossessionState.NotApplicable
                ? null
                : await tokens.IssueAuthAsync(flow, project.Settings, matchDigits, cancellationToken);
            return make(flow, authToken).Body.ToArray();
        };
    }

    public static Answer Say(StartOutcome outcome, Project project) => outcome switch
    {
        StartOutcome.Started { Answer: var body } => new Answer(StatusCodes.Status200OK, body),
        StartOutcome.Repeated { First: var first } => Idempotency.Say(first, project.Settings.ErrorCodes),
        StartOutcome.Refused { Why: var why } => Refuse(why.ToFault(), project),
        StartOutcome.NoSuchIdentity => Refuse(Fault.NotFound, project),
        StartOutcome.NumberHasGone => Refuse(Fault.Invalid("proveId", "the number of this person has gone to somebody else"), project),
        StartOutcome.OtherNumber => Refuse(Fault.Invalid("phoneNumber", "is not the number of this proveId"), project),
        _ => throw new UnreachableException(),
    };

    private static Answer Refuse(Fault fault, Project project) => Answer.Of(fault, project.Settings.ErrorCodes);
}
