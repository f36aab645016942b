using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

internal static class DomainRoutes
{
    private const string Domain = "/v3/domain/";

    public static IServiceCollection AddDomains(this IServiceCollection services) => services
        .AddSingleton<LinkDomain>()
        .AddSingleton<ConfirmLink>()
        .AddSingleton<Unlink>()
        .AddSingleton<ShowDomain>()
        .AddSingleton<ShowLinks>();

    public static void MapDomains(this IEndpointRouteBuilder app)
    {
        app.MapPost(Domain + "link", app.By<LinkDomain>()).Describe(DomainOperations.Link);
        app.MapPost(Domain + "confirm-link", app.By<ConfirmLink>()).Describe(DomainOperations.ConfirmLink);
        app.MapPost(Domain + "unlink", app.By<Unlink>()).Describe(DomainOperations.Unlink);
        app.MapGet(Domain + "id", app.By<ShowDomain>()).Describe(DomainOperations.Id);
        app.MapGet(Domain + "linked", app.By<ShowLinks>()).Describe(DomainOperations.Linked);
    }
}
