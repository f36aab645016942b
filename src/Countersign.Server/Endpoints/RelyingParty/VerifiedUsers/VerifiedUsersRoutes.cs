using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

internal static class VerifiedUsersRoutes
{
    public static IServiceCollection AddVerifiedUsers(this IServiceCollection services) => services
        .AddSingleton<Verify>()
        .AddSingleton<VerifyStatus>();

    public static void MapVerifiedUsers(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v3/verify", app.By<Verify>()).Describe(VerifyOperation.Operation);
        app.MapPost("/v3/verify-status", app.By<VerifyStatus>()).Describe(VerifyStatusOperation.Operation);
    }
}
