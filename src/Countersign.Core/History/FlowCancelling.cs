using Countersign.Core.Flows;

namespace Countersign.Core.History;

/// <summary>Ends a running flow because its relying party wants nothing of it any more.</summary>
public sealed class FlowCancelling(FlowRunner runner, FlowFinder finder)
{
    /// <summary>
    /// The flow as it is afterwards: cancelled, also by an earlier call; ended otherwise; or without an end, while a call on it is being
    /// answered. Null where the project has no such flow, or nothing of it is kept any more.
    /// </summary>
    public async Task<FlowAccount?> CancelAsync(CorrelationId id, ProjectId project, CancellationToken cancellationToken)
    {
        if (await finder.FindAsync(id, cancellationToken) is not { } found || found.ProjectId != project)
        {
            return null;
        }
        if (found.Ending is not null)
        {
            return found;
        }
        // What follows from a proven possession comes to its end by itself, in no time.
        await runner.SettleAsync(await runner.FindAsync(id, cancellationToken), cancellationToken);
        await runner.ChangeAsync(id, (flow, now) => flow.Cancelled(now), cancellationToken);
        return await finder.FindAsync(id, cancellationToken);
    }
}
