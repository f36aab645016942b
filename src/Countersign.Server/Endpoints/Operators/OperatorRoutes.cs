using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Operators;

/// <summary>Only where operators are configured.</summary>
internal static class OperatorRoutes
{
    public static IServiceCollection AddOperatorCallbacks(this IServiceCollection services) => services
        .AddSingleton<OperatorCallback>()
        .AddSingleton<OperatorKeys>();

    public static void MapOperators(this IEndpointRouteBuilder app)
    {
        app.MapGet("/operators/{name}/callback", app.By<OperatorCallback>()).ExcludeFromDescription();
        app.MapMethods("/operators/{name}/jwks.json", Methods.GetOrHead, app.By<OperatorKeys>()).ExcludeFromDescription();
    }
}
