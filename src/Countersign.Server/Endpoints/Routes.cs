using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.RelyingParty;
using Countersign.Server.Endpoints.Sandbox;

namespace Countersign.Server.Endpoints;

/// <summary>Every address of this server.</summary>
internal static class Routes
{
    public static void MapRelyingParty(this WebApplication app)
    {
        app.MapPost("/token", Token.Endpoint);
        app.MapPost("/v3/verify", Verify.Endpoint);
        app.MapPost("/v3/verify-status", VerifyStatus.Endpoint);
        app.MapGet("/.well-known/oauth-authorization-server", Discovery.Metadata);
        app.MapGet("/.well-known/jwks.json", Discovery.Keys);
    }

    public static void MapBrowser(this WebApplication app)
    {
        const string client = "/v1/client/";
        app.MapPost(client + "mobile/instant/start", MobileAuthStart.Endpoint);
        app.MapPost(client + "mobile/instant/finish", MobileAuthFinish.Endpoint);
        app.MapPost(client + "mobile/instant/error", MobileAuthError.Endpoint);
        app.MapPost(client + "mobile/otp/start", OtpStart.Endpoint);
        app.MapPost(client + "mobile/otp/finish", OtpFinish.Endpoint);
        app.MapPost(client + "mobile/otp/error", OtpError.Endpoint);
        app.MapPost(client + "mobile/instantlink/start", InstantLinkStart.Endpoint);
        app.MapPost(client + "mobile/instantlink/error", InstantLinkError.Endpoint);
        app.MapGet(client + "status", StatusSocket.Endpoint);
        foreach (var path in NotOffered.Paths)
        {
            app.MapPost(client + path, NotOffered.Endpoint);
        }
        foreach (var path in NotOffered.PathsWithoutToken)
        {
            app.MapPost(client + path, NotOffered.EndpointWithoutToken);
        }
    }

    public static void MapSandbox(this WebApplication app)
    {
        app.MapGet("/sandbox/messages", Messages.Endpoint);
        app.MapPost("/sandbox/clock", MoveClock.Endpoint);
        app.MapPost("/sandbox/flows", BeginFlow.Endpoint);
        app.MapGet("/sandbox/flows/{correlationId}", ShowFlow.Endpoint);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health", Health.Alive);
        app.MapGet("/health/ready", Health.Ready);
    }
}
