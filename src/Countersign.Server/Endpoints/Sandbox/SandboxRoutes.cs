using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints.Sandbox;

internal static class SandboxRoutes
{
    public static IServiceCollection AddSandbox(this IServiceCollection services) => services
        .AddSingleton<SandboxPages>()
        .AddSingleton<BeginFlow>()
        .AddSingleton<ShowFlow>()
        .AddSingleton<Messages>()
        .AddSingleton<MoveClock>()
        .AddSingleton<Users>()
        .AddSingleton<ShowOperator>();

    public static void MapSandbox(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sandbox/messages", app.By<Messages>()).Describe(SandboxOperations.Messages);
        app.MapPost("/sandbox/clock", app.By<MoveClock>()).Describe(SandboxOperations.Clock);
        app.MapPost("/sandbox/flows", app.By<BeginFlow>()).Describe(SandboxOperations.BeginFlow);
        app.MapGet("/sandbox/flows/{correlationId}", app.By<ShowFlow>()).Describe(SandboxOperations.ShowFlow);
        app.MapGet("/sandbox/users", app.By<Users>()).Describe(SandboxOperations.Users);
        app.MapGet("/sandbox/operator", app.By<ShowOperator>()).Describe(SandboxOperations.ShowOperator);
        app.MapMethods("/", Methods.GetOrHead, context =>
        {
            context.Response.Redirect("/sandbox");
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        app.MapMethods("/sandbox", Methods.GetOrHead, app.By<SandboxPages>(it => it.Handset)).ExcludeFromDescription();
        app.MapMethods("/sandbox/landing", Methods.GetOrHead, app.By<SandboxPages>(it => it.Landing)).ExcludeFromDescription();
        app.MapMethods("/sandbox/handset.css", Methods.GetOrHead, PageFile.Of("sandbox/handset.css", "text/css")).ExcludeFromDescription();
        app.MapMethods(
            "/sandbox/handset.js", Methods.GetOrHead, PageFile.Of("sandbox/handset.js", "text/javascript")).ExcludeFromDescription();
    }
}
