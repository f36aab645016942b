using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Texts;
using Countersign.Core.VerifiedUser;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// GET /admin/flows/{correlationId}: how a flow of a project that the key keeps to stands, and what has happened to it and to
/// its texts. No number, no name, no text, no code.
/// </summary>
internal sealed class ShowAdminFlow(FlowRunner runner, ITextStore texts) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var (id, problem) = AdminOperations.FlowId.Shape.Parse(call.Path(AdminOperations.FlowId));
        if (problem is not null)
        {
            return Answer.Of(Fault.Invalid(AdminOperations.FlowId, problem));
        }
        var flow = await runner.FindAsync(id, call.Aborted);
        return flow is null || !call.Caller.Rights.Includes(flow.ProjectId)
            ? Answer.Of(Fault.NotFound with { Message = "there is no such flow, or its life is over: flows are kept for 15 minutes" })
            : Answer.Ok(FlowResponse.Of(flow, await texts.ListAsync(flow.Id, call.Aborted)), AdminJson.Answers.FlowResponse);
    });
}

/// <param name="Product">"verified-users", "pre-fill" or "unify".</param>
/// <param name="Type">"mobile", "desktop" or "none".</param>
/// <param name="Method">The possession method that runs; absent when possession is decided.</param>
/// <param name="Deadline">When the running challenge ends; absent when none runs.</param>
/// <param name="Texts">What became of its texts, oldest first.</param>
internal sealed record FlowResponse(
    string CorrelationId, string ProjectId, string Product, string Type, string PossessionResult, string? VerifyResult, bool Decided,
    string? Method, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? Deadline, IReadOnlyList<TimelineLine> Timeline,
    IReadOnlyList<FlowText> Texts)
{
    public static FlowResponse Of(Flow flow, IEnumerable<StoredText> texts)
    {
        var outcome = VerifyOutcome.Of(flow);
        return new FlowResponse(
            flow.Id.ToString(), flow.ProjectId.ToString(), NumberUse.Of(flow.Product).Name, AdminWords.Of(flow.Type),
            outcome.PossessionResult, flow.Tail is VerifiedUserState ? outcome.VerifyResult : null, flow.IsDecided,
            flow.CurrentMethod?.Name, flow.CreatedAt, flow.ExpiresAt, flow.NextDeadline, [.. flow.Timeline.Select(TimelineLine.Of)],
            [.. texts.Select(FlowText.Of)]);
    }

    public override string ToString() => CorrelationId;
}
