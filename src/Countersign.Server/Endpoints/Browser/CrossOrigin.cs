namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// Pages of any origin may call /v1/client: it uses no cookies, the auth token is the credential. The headers stand on every answer, errors
/// too, or the page would take a refusal for a lost connection.
/// </summary>
internal static class CrossOrigin
{
    private const string AllowedHeaders = "authorization, content-type, pa-version, pa-challenge, pa-kid, pa-sig-version, pa-signature";

    public static void UseCrossOrigin(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/v1/client", StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            return Task.CompletedTask;
        });
        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return next(context);
        }

        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = AllowedHeaders;
        headers.AccessControlMaxAge = "7200";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });
}
