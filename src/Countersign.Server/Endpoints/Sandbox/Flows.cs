using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Sandbox;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.RelyingParty.OneCall;
using Countersign.Server.Endpoints.RelyingParty.Unification;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Sandbox;

/// <summary>
/// POST /sandbox/flows: begins a verify flow for the handset page, with verify's own request and answer but without credentials.
/// </summary>
internal sealed class BeginFlow(Verify verify, ITestUsers users, ProjectDirectory projects) : IEndpoint
{
    public RequestDelegate Endpoint => async context =>
    {
        var project = (await projects.FindProjectAsync(users.ProjectId, context.RequestAborted))!;
        var family = project.Settings.ErrorCodes;
        if (!(await RequestBody.ReadAsync(context.Request)).Is(out var body, out var fault))
        {
            await Answer.Of(fault, family).WriteAsync(context);
            return;
        }

        using (body)
        {
            if (body.IsGiven(OneCallSchemas.Type))
            {
                body.Invalid(OneCallSchemas.Type, "a one-call verification begins no flow");
            }
            var request = verify.Read(body, context, new Caller(ClientId.Parse("sandbox"), project));
            var answer = body.Fault is { } bad
                ? Answer.Of(bad, family)
                : await verify.BeginAsync(project, request, keyed: null, context.RequestAborted);
            await answer.WriteAsync(context);
        }
    };
}

/// <summary>GET /sandbox/flows/{correlationId}: how a flow stands and what has happened to it.</summary>
internal sealed class ShowFlow(FlowRunner runner, TimeProvider time, ErrorCodeOptions errorCodes) : IEndpoint
{
    private static readonly Member<CorrelationId> _id = Members.CorrelationId("The flow.");

    public RequestDelegate Endpoint => async context =>
    {
        await (await AnswerAsync((string)context.Request.RouteValues[_id]!, context.RequestAborted)).WriteAsync(context);
    };

    private async Task<Answer> AnswerAsync(string text, CancellationToken cancellationToken)
    {
        var family = errorCodes.ErrorCodes;
        var (id, problem) = _id.Shape.Parse(text);
        if (problem is not null)
        {
            return Answer.Of(Fault.Invalid(_id, problem), family);
        }
        var flow = await runner.FindAsync(id, cancellationToken);
        return flow is null
            ? Answer.Of(Fault.UnknownCorrelationId, family)
            : Answer.Ok(FlowView.Of(flow, time.GetUtcNow()), SandboxJson.Answers.FlowView);
    }
}

/// <param name="Success">In the words of the flow's product.</param>
/// <param name="VerifyResult">Absent in products that match no name.</param>
/// <param name="Now">The sandbox's time: deadlines count from it, not from the browser's clock.</param>
/// <param name="Deadline">When the running challenge ends; absent when none runs.</param>
internal sealed record FlowView(
    string CorrelationId, string Success, string PossessionResult, string? VerifyResult,
    IReadOnlyDictionary<string, Evaluation>? Evaluation, DateTimeOffset Now, DateTimeOffset ExpiresAt, DateTimeOffset? Deadline,
    IReadOnlyList<TimelineLine> Timeline)
{
    public static FlowView Of(Flow flow, DateTimeOffset now)
    {
        var outcome = VerifyOutcome.Of(flow);
        var (success, evaluation) = flow.Tail switch
        {
            UnifyProgress when UnifyOutcome.Of(flow) is var unify => (unify.Success, unify.Evaluation),
            PreFillProgress =>
                (flow.IsDecided ? (flow.Possession is PossessionState.Succeeded ? "true" : "false") : "pending", outcome.Evaluation),
            _ => (outcome.Success, outcome.Evaluation),
        };
        return new FlowView(
            flow.Id.ToString(), success, outcome.PossessionResult, flow.Tail is VerifiedUserState ? outcome.VerifyResult : null, evaluation,
            now, flow.ExpiresAt, flow.NextDeadline, [.. flow.Timeline.Select(TimelineLine.Of)]);
    }
}
