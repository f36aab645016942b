using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

internal static class IdentityRoutes
{
    private const string Identity = "/v3/identity";

    public static IServiceCollection AddIdentities(this IServiceCollection services) => services
        .AddSingleton<EnrolIdentity>()
        .AddSingleton<EnrolBatch>()
        .AddSingleton<ListIdentities>()
        .AddSingleton<LookUpIdentity>()
        .AddSingleton<ShowIdentity>()
        .AddSingleton<ChangeIdentity>()
        .AddSingleton<CrossDomain>()
        .AddSingleton<Discover>()
        .AddSingleton<Fetch>();

    public static void MapIdentities(this IEndpointRouteBuilder app)
    {
        app.MapPost(Identity, app.By<EnrolIdentity>()).Describe(IdentityOperations.Enrol);
        app.MapGet(Identity, app.By<ListIdentities>()).Describe(IdentityOperations.List);
        app.MapPost(Identity + "/batch", app.By<EnrolBatch>()).Describe(IdentityOperations.EnrolBatch);
        // Otherwise it would be read as the id of an identity.
        app.MapMethods(Identity + "/batch", [HttpMethods.Get, HttpMethods.Delete], NoSuchMethod).ExcludeFromDescription();
        app.MapGet(Identity + "/{mobileNumber}/lookup", app.By<LookUpIdentity>()).Describe(IdentityOperations.LookUp);
        app.MapGet(Identity + "/{proveId}", app.By<ShowIdentity>()).Describe(IdentityOperations.Show);
        app.MapDelete(Identity + "/{proveId}", app.By<ChangeIdentity>(it => it.Remove)).Describe(IdentityOperations.Remove);
        app.MapPost(Identity + "/{proveId}/activate", app.By<ChangeIdentity>(it => it.Activate)).Describe(IdentityOperations.Activate);
        app.MapPost(Identity + "/{proveId}/deactivate", app.By<ChangeIdentity>(it => it.Deactivate))
            .Describe(IdentityOperations.Deactivate);
        app.MapPost(Identity + "/{identityId}/cross-domain", app.By<CrossDomain>()).Describe(IdentityOperations.CrossDomain);
        app.MapGet("/v3/discover", app.By<Discover>()).Describe(IdentityOperations.Discover);
        app.MapGet("/v3/fetch", app.By<Fetch>()).Describe(IdentityOperations.Fetch);
    }

    private static Task NoSuchMethod(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }
}
