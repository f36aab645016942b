using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>
/// POST /flows/{correlationId}/cancel: ends a running flow of the project. Repeated, it is answered as the first time.
/// </summary>
internal sealed class CancelFlow(V3Endpoint v3, FlowCancelling cancelling) : IEndpoint
{
    /// <summary>What follows from the flow is being asked for.</summary>
    public static Fault Busy { get; } = Fault.StillRunning with
    {
        Message = "another call on this flow is being answered; it cannot be cancelled at this moment",
        RetryAfter = 1,
    };

    public RequestDelegate Endpoint => v3.WithProblems().OfQuery(ShowFlow.Read, HandleAsync);

    private async Task<Answer> HandleAsync(Call<FlowRequest> call) =>
        await cancelling.CancelAsync(call.Request.Id, call.Caller.Project.Id, call.Aborted) switch
        {
            null => call.Refuse(ShowFlow.NotThere),
            { Ending: null } => call.Refuse(Busy),
            { Ending.End: FlowEnd.Cancelled } flow => ShowFlow.AnswerOf(flow, call.Context),
            { Ending.End: var end } => call.Refuse(Fault.FlowEnded with { End = end }),
        };
}
