using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

internal static class IdentityRoutes
{
    private const string Identity = "/v3/identity";

    public static void MapIdentities(this IEndpointRouteBuilder app)
    {
        app.MapPost(Identity, EnrolIdentity.Endpoint).Describe(IdentityOperations.Enrol);
        app.MapGet(Identity, ListIdentities.Endpoint).Describe(IdentityOperations.List);
        app.MapPost(Identity + "/batch", EnrolBatch.Endpoint).Describe(IdentityOperations.EnrolBatch);
        // Otherwise it would be read as the id of an identity.
        app.MapMethods(Identity + "/batch", [HttpMethods.Get, HttpMethods.Delete], NoSuchMethod).ExcludeFromDescription();
        app.MapGet(Identity + "/{mobileNumber}/lookup", LookUpIdentity.Endpoint).Describe(IdentityOperations.LookUp);
        app.MapGet(Identity + "/{proveId}", ShowIdentity.Endpoint).Describe(IdentityOperations.Show);
        app.MapDelete(Identity + "/{proveId}", ChangeIdentity.Remove).Describe(IdentityOperations.Remove);
        app.MapPost(Identity + "/{proveId}/activate", ChangeIdentity.Activate).Describe(IdentityOperations.Activate);
        app.MapPost(Identity + "/{proveId}/deactivate", ChangeIdentity.Deactivate).Describe(IdentityOperations.Deactivate);
        app.MapPost(Identity + "/{identityId}/cross-domain", CrossDomain.Endpoint).Describe(IdentityOperations.CrossDomain);
        app.MapGet("/v3/discover", Discover.Endpoint).Describe(IdentityOperations.Discover);
        app.MapGet("/v3/fetch", Fetch.Endpoint).Describe(IdentityOperations.Fetch);
    }

    private static Task NoSuchMethod(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }
}
