using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Gateways;

/// <summary>What providers of text gateways call. It is described in docs/gateways.md, for those who set a gateway up.</summary>
internal static class GatewayRoutes
{
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Post];

    public static IServiceCollection AddGateways(this IServiceCollection services) => services
        .AddSingleton<ReceiptsAndInbound>();

    public static void MapGateways(this IEndpointRouteBuilder app)
    {
        app.MapMethods(
            "/gateways/{name}/receipts/{token?}", _methods, app.By<ReceiptsAndInbound>(it => it.Receipts)).ExcludeFromDescription();
        app.MapMethods(
            "/gateways/{name}/inbound/{secret?}", _methods, app.By<ReceiptsAndInbound>(it => it.Inbound)).ExcludeFromDescription();
    }
}
