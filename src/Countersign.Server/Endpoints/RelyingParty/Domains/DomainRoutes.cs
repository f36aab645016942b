using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

internal static class DomainRoutes
{
    private const string Domain = "/v3/domain/";

    public static void MapDomains(this IEndpointRouteBuilder app)
    {
        app.MapPost(Domain + "link", LinkDomain.Endpoint).Describe(DomainOperations.Link);
        app.MapPost(Domain + "confirm-link", ConfirmLink.Endpoint).Describe(DomainOperations.ConfirmLink);
        app.MapPost(Domain + "unlink", Unlink.Endpoint).Describe(DomainOperations.Unlink);
        app.MapGet(Domain + "id", ShowDomain.Endpoint).Describe(DomainOperations.Id);
        app.MapGet(Domain + "linked", ShowLinks.Endpoint).Describe(DomainOperations.Linked);
    }
}
