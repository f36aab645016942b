using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>What became of a relying party's own flows.</summary>
internal static class FlowRoutes
{
    public const string Flows = "/flows";

    public const string Statistics = "/statistics";

    public static IServiceCollection AddFlows(this IServiceCollection services) => services
        .AddSingleton<ListFlows>()
        .AddSingleton<ShowFlow>()
        .AddSingleton<SearchFlows>()
        .AddSingleton<CancelFlow>()
        .AddSingleton<ShowStatistics>()
        .AddSingleton(new ErrorForm(Statistics, Problem.Of))
        .AddSingleton(new ErrorForm(Flows, Problem.Of));

    public static void MapFlows(this IEndpointRouteBuilder app)
    {
        app.MapGet(Flows, app.By<ListFlows>()).Describe(FlowOperations.List);
        app.MapPost(Flows + "/search", app.By<SearchFlows>()).Describe(FlowOperations.Search);
        app.MapGet(Flows + "/{correlationId}", app.By<ShowFlow>()).Describe(FlowOperations.Show);
        app.MapPost(Flows + "/{correlationId}/cancel", app.By<CancelFlow>()).Describe(FlowOperations.Cancel);
        app.MapGet(Statistics, app.By<ShowStatistics>()).Describe(FlowOperations.Statistics);
    }
}
