namespace Countersign.Operator.OpenId;

internal static class OpenIdRoutes
{
    public static void MapOpenId(this WebApplication app)
    {
        var metadata = app.Services.GetRequiredService<MetadataEndpoint>();
        var authorize = app.Services.GetRequiredService<AuthorizeEndpoint>();
        app.MapGet("/.well-known/openid-configuration", metadata.DiscoveryAsync);
        app.MapGet("/jwks", metadata.KeysAsync);
        app.MapGet("/authorize", authorize.HandleAsync);
        app.MapPost("/authorize", authorize.HandleAsync);
        app.MapPost("/bc-authorize", app.Services.GetRequiredService<BackchannelEndpoint>().HandleAsync);
        app.MapPost("/token", app.Services.GetRequiredService<TokenEndpoint>().HandleAsync);
    }
}
