using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints.Sandbox;

internal static class SandboxRoutes
{
    public static void MapSandbox(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sandbox/messages", Messages.Endpoint).Describe(SandboxOperations.Messages);
        app.MapPost("/sandbox/clock", MoveClock.Endpoint).Describe(SandboxOperations.Clock);
        app.MapPost("/sandbox/flows", BeginFlow.Endpoint).Describe(SandboxOperations.BeginFlow);
        app.MapGet("/sandbox/flows/{correlationId}", ShowFlow.Endpoint).Describe(SandboxOperations.ShowFlow);
        app.MapGet("/sandbox/users", Users.Endpoint).Describe(SandboxOperations.Users);
        app.MapGet("/sandbox/operator", ShowOperator.Endpoint).Describe(SandboxOperations.ShowOperator);
        app.MapMethods("/", Methods.GetOrHead, context =>
        {
            context.Response.Redirect("/sandbox");
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        app.MapMethods("/sandbox", Methods.GetOrHead, PageFile.Page("sandbox/handset.html")).ExcludeFromDescription();
        app.MapMethods("/sandbox/landing", Methods.GetOrHead, PageFile.Page("sandbox/landing.html")).ExcludeFromDescription();
        app.MapMethods("/sandbox/handset.css", Methods.GetOrHead, PageFile.Of("sandbox/handset.css", "text/css")).ExcludeFromDescription();
        app.MapMethods("/sandbox/handset.js", Methods.GetOrHead, PageFile.Of("sandbox/handset.js", "text/javascript")).ExcludeFromDescription();
    }
}
