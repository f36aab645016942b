using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>Access tokens, and what others may know of them.</summary>
internal static class OAuthRoutes
{
    public static IServiceCollection AddOAuth(this IServiceCollection services) => services
        .AddSingleton<ClientAuthentication>()
        .AddSingleton<OAuthEndpoint>()
        .AddSingleton<Token>()
        .AddSingleton<Revoke>()
        .AddSingleton<Introspect>()
        .AddSingleton<Discovery>()
        .AddSingleton(new ErrorForm(Token.Path, OAuthEndpoint.Refusal))
        .AddSingleton(new ErrorForm(Revoke.Path, OAuthEndpoint.Refusal))
        .AddSingleton(new ErrorForm(Introspect.Path, OAuthEndpoint.Refusal));

    public static void MapOAuth(this IEndpointRouteBuilder app)
    {
        app.MapPost(Token.Path, app.By<Token>()).Describe(TokenOperation.Operation);
        app.MapPost(Revoke.Path, app.By<Revoke>()).Describe(TokenOperations.Revoke);
        app.MapPost(Introspect.Path, app.By<Introspect>()).Describe(TokenOperations.Introspect);
        app.MapMethods("/.well-known/oauth-authorization-server", Methods.GetOrHead, app.By<Discovery>(it => it.Metadata));
        app.MapMethods("/.well-known/jwks.json", Methods.GetOrHead, app.By<Discovery>(it => it.Keys));
    }
}
