using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

internal static class PreFillRoutes
{
    public static IServiceCollection AddPreFill(this IServiceCollection services) => services
        .AddSingleton<PersonFields>()
        .AddSingleton<Start>()
        .AddSingleton<Validate>()
        .AddSingleton<Challenge>()
        .AddSingleton<Complete>();

    public static void MapPreFill(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v3/start", app.By<Start>()).Describe(StartOperation.Operation);
        app.MapPost("/v3/validate", app.By<Validate>()).Describe(ValidateOperation.Operation);
        app.MapPost("/v3/challenge", app.By<Challenge>()).Describe(ChallengeOperation.Operation);
        app.MapPost("/v3/complete", app.By<Complete>()).Describe(CompleteOperation.Operation);
    }
}
