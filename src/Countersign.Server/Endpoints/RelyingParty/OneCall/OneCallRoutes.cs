using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

internal static class OneCallRoutes
{
    public static void MapOneCall(this IEndpointRouteBuilder app) =>
        app.MapPost("/v3/verify/batch", VerifyBatch.Endpoint).Describe(VerifyBatchOperation.Operation);
}
