namespace Countersign.Server.Endpoints.Http;

/// <summary>Headers that stand on every answer unless its endpoint says otherwise. Set late: the exception handler wipes what was set before.</summary>
internal static class SecurityHeaders
{
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.TryAdd("Cache-Control", "no-store");
            headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            return Task.CompletedTask;
        });
        return next(context);
    });
}
