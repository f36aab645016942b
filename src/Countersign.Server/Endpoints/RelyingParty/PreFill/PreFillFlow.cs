using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

internal static class PreFillFlow
{
    /// <summary>True when there is a living flow of this family with the id, and it is the caller's.</summary>
    public static async Task<bool> IsKnownAsync(
        this FlowRunner runner, CorrelationId id, Caller caller, CancellationToken cancellationToken) =>
        await runner.FindAsync(id, caller.Project.Id, Product.PreFill, cancellationToken) is not null;
}
