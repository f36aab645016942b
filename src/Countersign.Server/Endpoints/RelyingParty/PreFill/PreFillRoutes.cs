using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

internal static class PreFillRoutes
{
    public static void MapPreFill(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v3/start", Start.Endpoint).Describe(StartOperation.Operation);
        app.MapPost("/v3/validate", Validate.Endpoint).Describe(ValidateOperation.Operation);
        app.MapPost("/v3/challenge", Challenge.Endpoint).Describe(ChallengeOperation.Operation);
        app.MapPost("/v3/complete", Complete.Endpoint).Describe(CompleteOperation.Operation);
    }
}
