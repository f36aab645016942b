using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>Access tokens, and what others may know of them.</summary>
internal static class OAuthRoutes
{
    public static IServiceCollection AddOAuth(this IServiceCollection services) => services
        .AddSingleton<Token>()
        .AddSingleton(new ErrorForm(Token.Path, (fault, family) => Token.Refusal(fault, family)));

    public static void MapOAuth(this IEndpointRouteBuilder app)
    {
        app.MapPost(Token.Path, Token.Endpoint).Describe(TokenOperation.Operation);
        app.MapMethods("/.well-known/oauth-authorization-server", Methods.GetOrHead, Discovery.Metadata);
        app.MapMethods("/.well-known/jwks.json", Methods.GetOrHead, Discovery.Keys);
    }
}
