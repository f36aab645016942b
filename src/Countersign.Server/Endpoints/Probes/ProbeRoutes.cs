using Countersign.Core.Flows;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Probes;

internal static class ProbeRoutes
{
    public static IServiceCollection AddProbes(this IServiceCollection services) => services
        .AddSingleton<Health>()
        .AddSingleton(provider => new Readiness(
            provider.GetRequiredService<IStoreProbe>(), provider.GetRequiredService<FailureLog>(),
            provider.GetRequiredService<ILogger<Readiness>>(), TimeProvider.System));

    public static void MapProbes(this IEndpointRouteBuilder app)
    {
        app.MapMethods("/health", Methods.GetOrHead, Health.Alive);
        app.MapMethods("/health/ready", Methods.GetOrHead, app.By<Health>(it => it.Ready));
    }
}
