using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

internal static class PreFillFlow
{
    /// <summary>True when there is a living flow of this family with the id, and it is the caller's.</summary>
    public static async Task<bool> IsKnownAsync<TRequest>(Call<TRequest> call, CorrelationId id) =>
        await call.Service<FlowRunner>().FindAsync(id, call.Caller.Project.Id, Product.PreFill, call.Aborted) is not null;
}
