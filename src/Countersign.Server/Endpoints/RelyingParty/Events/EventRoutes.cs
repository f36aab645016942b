using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Events;

/// <summary>What has happened in a project.</summary>
internal static class EventRoutes
{
    public const string Path = "/events";

    public static IServiceCollection AddEventCalls(this IServiceCollection services) => services
        .AddSingleton<ListEvents>()
        .AddSingleton(new ErrorForm(Path, Problem.Of));

    public static void MapEventCalls(this IEndpointRouteBuilder app) =>
        app.MapGet(Path, app.By<ListEvents>()).Describe(EventOperations.List);
}
