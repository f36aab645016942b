using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// GET /admin/flows/{correlationId}: how a flow of a project that the key keeps to stands, or how it ended, and what has happened to it
/// and to its texts. No number, no name, no text, no code.
/// </summary>
internal sealed class ShowAdminFlow(FlowFinder finder) : IEndpoint
{
    public static Fault NoFlow { get; } = Fault.NotFound with
    {
        Message = "there is no such flow, or nothing of it is kept any more (Countersign:History)",
    };

    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var (id, problem) = FlowOperations.FlowId.Shape.Parse(call.Path(FlowOperations.FlowId));
        if (problem is not null)
        {
            return Answer.Of(Fault.Invalid(FlowOperations.FlowId, problem));
        }
        return await finder.FindAsync(id, call.Aborted) is { } flow && call.Caller.Rights.Includes(flow.ProjectId)
            ? Answer.Ok(FlowResponse.Of(flow, Languages.Answer(call.Context)), AdminJson.Answers.FlowResponse)
            : Answer.Of(NoFlow);
    });
}
