using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

internal static class VerifiedUsersRoutes
{
    public static void MapVerifiedUsers(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v3/verify", Verify.Endpoint).Describe(VerifyOperation.Operation);
        app.MapPost("/v3/verify-status", VerifyStatus.Endpoint).Describe(VerifyStatusOperation.Operation);
    }
}
