using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

internal static class UnifyRoutes
{
    public static IServiceCollection AddUnify(this IServiceCollection services) => services
        .AddSingleton<Unify>()
        .AddSingleton<UnifyStatus>()
        .AddSingleton<UnifyBind>()
        .AddSingleton<DeviceRevoke>();

    public static void MapUnify(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v3/unify", app.By<Unify>()).Describe(UnifyOperation.Operation);
        app.MapPost("/v3/unify-status", app.By<UnifyStatus>()).Describe(UnifyStatusOperation.Operation);
        app.MapPost("/v3/unify-bind", app.By<UnifyBind>()).Describe(UnifyBindOperation.Operation);
        app.MapPost("/v3/device/revoke", app.By<DeviceRevoke>()).Describe(DeviceRevokeOperation.Operation);
    }
}
