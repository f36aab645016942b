using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>Access tokens, and what others may know of them.</summary>
internal static class OAuthRoutes
{
    public static IServiceCollection AddOAuth(this IServiceCollection services) => services
        .AddSingleton<Token>()
        .AddSingleton<Discovery>()
        .AddSingleton(new ErrorForm(Token.Path, Token.Refusal));

    public static void MapOAuth(this IEndpointRouteBuilder app)
    {
        app.MapPost(Token.Path, app.By<Token>()).Describe(TokenOperation.Operation);
        app.MapMethods("/.well-known/oauth-authorization-server", Methods.GetOrHead, app.By<Discovery>(it => it.Metadata));
        app.MapMethods("/.well-known/jwks.json", Methods.GetOrHead, app.By<Discovery>(it => it.Keys));
    }
}
