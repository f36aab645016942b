using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.History;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Receipts;

/// <summary>Signed words on what became of flows.</summary>
internal static class ReceiptRoutes
{
    public static IServiceCollection AddReceipts(this IServiceCollection services) => services
        .AddSingleton<ShowReceipt>();

    public static void MapReceipts(this IEndpointRouteBuilder app) =>
        app.MapGet(FlowRoutes.Flows + "/{correlationId}/receipt", app.By<ShowReceipt>()).Describe(ReceiptOperation.Operation);
}
