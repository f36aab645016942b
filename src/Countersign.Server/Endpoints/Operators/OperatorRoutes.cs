using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Operators;

internal static class OperatorRoutes
{
    /// <summary>Only where operators are configured.</summary>
    public static void MapOperators(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<IOperatorCallbacks>() is not null)
        {
            app.MapGet("/operators/{name}/callback", OperatorCallback.Endpoint).ExcludeFromDescription();
            app.MapMethods("/operators/{name}/jwks.json", Methods.GetOrHead, OperatorKeys.Endpoint).ExcludeFromDescription();
        }
    }
}
