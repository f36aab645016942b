using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

internal static class OneCallRoutes
{
    public static IServiceCollection AddOneCall(this IServiceCollection services) => services
        .AddSingleton<OneCallVerify>()
        .AddSingleton<VerifyBatch>();

    public static void MapOneCall(this IEndpointRouteBuilder app) =>
        app.MapPost("/v3/verify/batch", app.By<VerifyBatch>()).Describe(VerifyBatchOperation.Operation);
}
