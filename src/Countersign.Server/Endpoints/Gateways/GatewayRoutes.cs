namespace Countersign.Server.Endpoints.Gateways;

/// <summary>What providers of text gateways call. It is described in docs/gateways.md, for those who set a gateway up.</summary>
internal static class GatewayRoutes
{
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Post];

    public static void MapGateways(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/gateways/{name}/receipts/{token?}", _methods, ReceiptsAndInbound.Receipts).ExcludeFromDescription();
        app.MapMethods("/gateways/{name}/inbound/{secret?}", _methods, ReceiptsAndInbound.Inbound).ExcludeFromDescription();
    }
}
