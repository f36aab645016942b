using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Numbers;
using Countersign.Core.Texts;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// GET /admin/flows/{correlationId}: how a flow of a project that the key keeps to stands, or how it ended, and what has happened to it
/// and to its texts. No number, no name, no text, no code.
/// </summary>
internal sealed class ShowAdminFlow(FlowRunner runner, ITextStore texts, FlowHistory history, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var (id, problem) = AdminOperations.FlowId.Shape.Parse(call.Path(AdminOperations.FlowId));
        if (problem is not null)
        {
            return Answer.Of(Fault.Invalid(AdminOperations.FlowId, problem));
        }
        return await FindAsync(id, call.Caller.Rights, call.Aborted) is { } found
            ? Answer.Ok(found, AdminJson.Answers.FlowResponse)
            : Answer.Of(Fault.NotFound with { Message = "there is no such flow, or nothing of it is kept any more (Countersign:History)" });
    });

    private async Task<FlowResponse?> FindAsync(CorrelationId id, AdminRights rights, CancellationToken cancellationToken)
    {
        if (await runner.FindAsync(id, cancellationToken) is { } flow)
        {
            return rights.Includes(flow.ProjectId) ? FlowResponse.Of(flow, await texts.ListAsync(id, cancellationToken)) : null;
        }
        var outcome = await history.FindAsync(id, time.GetUtcNow(), cancellationToken);
        return outcome is not null && rights.Includes(outcome.ProjectId) ? FlowResponse.Of(outcome) : null;
    }
}

/// <param name="Product">"verified-users", "pre-fill" or "unify".</param>
/// <param name="Type">"mobile", "desktop" or "none".</param>
/// <param name="Method">The possession method that runs, or ran last; absent in a living flow when possession is decided.</param>
/// <param name="Deadline">When the running challenge ends; absent when none runs.</param>
/// <param name="End">A code of <see cref="FlowEnd"/>; absent while something may still come of the flow.</param>
/// <param name="Reason">What there is to add to the end; absent when nothing.</param>
/// <param name="EndedAt">Absent without an end.</param>
/// <param name="Texts">What became of its texts, oldest first.</param>
internal sealed record FlowResponse(
    string CorrelationId, string ProjectId, string Product, string Type, string PossessionResult, string? VerifyResult, bool Decided,
    string? Method, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? Deadline, string? End, string? Reason,
    DateTimeOffset? EndedAt, IReadOnlyList<TimelineLine> Timeline, IReadOnlyList<FlowText> Texts)
{
    public static FlowResponse Of(Flow flow, IEnumerable<StoredText> texts)
    {
        var (outcome, ending) = (VerifyOutcome.Of(flow), Ending.Reached(flow));
        return new FlowResponse(
            flow.Id.ToString(), flow.ProjectId.ToString(), NumberUse.Of(flow.Product).Name, AdminWords.Of(flow.Type),
            outcome.PossessionResult, flow.Tail is VerifiedUserState ? outcome.VerifyResult : null, flow.IsDecided,
            flow.CurrentMethod?.Name, flow.CreatedAt, flow.ExpiresAt, flow.NextDeadline, ending?.End, ending?.Reason, ending?.At,
            [.. flow.Timeline.Select(TimelineLine.Of)], [.. texts.Select(FlowText.Of)]);
    }

    public static FlowResponse Of(Outcome outcome) => new(
        outcome.Id.ToString(), outcome.ProjectId.ToString(), NumberUse.Of(outcome.Product).Name, AdminWords.Of(outcome.Type),
        outcome.Possession switch
        {
            PossessionVerdict.Proven => "success",
            PossessionVerdict.Open => "pending",
            PossessionVerdict.NotAsked => "not_applicable",
            _ => "failed",
        },
        outcome.Product != Core.Product.VerifiedUsers ? null
            : outcome.End == FlowEnd.Matched ? "success"
            : FlowEnd.IsRanOut(outcome.End) ? "pending"
            : "failed",
        Decided: true, outcome.Method, outcome.BegunAt, outcome.ExpiresAt, Deadline: null, outcome.End, outcome.Reason, outcome.EndedAt,
        [.. outcome.Facts.Select(TimelineLine.Of)], [.. outcome.Texts.Select(FlowText.Of)]);

    public override string ToString() => CorrelationId;
}
