namespace Countersign.Operator.Hosting;

/// <summary>
/// Lets a page of any origin read every answer, errors and redirects too: the published browser SDK fetches the authorization address
/// across origins, and one hop without these headers ends the whole chain. The control API has rules of its own.
/// </summary>
internal static class CrossOrigin
{
    public static void UseCrossOrigin(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/sim", StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        // When the answer starts, not now: an error on the way clears what was set before.
        context.Response.OnStarting(() =>
        {
            // After a redirect from another origin the browser says Origin: null, so no list of origins could name it.
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlExposeHeaders = "x-correlator, Location, WWW-Authenticate";
            return Task.CompletedTask;
        });
        if (!IsPreflight(context.Request))
        {
            return next(context);
        }
        AllowPreflight(context, "GET, POST");
        return Task.CompletedTask;
    });

    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    public static void AllowPreflight(HttpContext context, string methods)
    {
        var headers = context.Response.Headers;
        headers.AccessControlAllowMethods = methods;
        // A star does not cover Authorization, so what was asked for is named.
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "600";
        if (context.Request.Headers.ContainsKey("Access-Control-Request-Private-Network"))
        {
            headers["Access-Control-Allow-Private-Network"] = "true";
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
