using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Everything under /admin needs an admin key, paths that do not exist included. Without any key there is nothing under /admin.</summary>
internal static class AdminAuthentication
{
    public static void UseAdminAuthentication(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(AdminEndpoint.Prefix, StringComparison.OrdinalIgnoreCase),
        admin => admin.Use(AuthenticateAsync));

    private static async Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        var services = context.RequestServices;
        var logger = services.GetRequiredService<ILogger<AdminKeys>>();
        if (BearerAuthentication.TokenOf(context.Request) is { } key && services.GetRequiredService<AdminKeys>().NameOf(key) is { } name)
        {
            context.Features.Set(new AdminCaller(name));
            // Before the caller hears of it: what was done is never without its line.
            context.Response.OnStarting(() =>
            {
                Log.AdminCalled(logger, name, context.Request.Method, AdminEndpoint.RouteOf(context), context.Response.StatusCode);
                return Task.CompletedTask;
            });
            await next(context);
            return;
        }

        Log.AdminRefused(logger);
        BearerAuthentication.Challenge(context);
        // Whoever guesses is slowed down as API clients are; whoever has a key is not.
        var fault = services.GetRequiredService<RequestRate>().TryTake(context)
            ? Fault.NotAuthorized
            : Fault.TooManyRequests;
        await Answer.Of(fault).WriteAsync(context);
    }
}

/// <summary>Who calls /admin.</summary>
/// <param name="Name">The name of the admin key.</param>
internal sealed record AdminCaller(string Name);
