using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

internal static class UnifyRoutes
{
    public static void MapUnify(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v3/unify", Unify.Endpoint).Describe(UnifyOperation.Operation);
        app.MapPost("/v3/unify-status", UnifyStatus.Endpoint).Describe(UnifyStatusOperation.Operation);
        app.MapPost("/v3/unify-bind", UnifyBind.Endpoint).Describe(UnifyBindOperation.Operation);
        app.MapPost("/v3/device/revoke", DeviceRevoke.Endpoint).Describe(DeviceRevokeOperation.Operation);
    }
}
