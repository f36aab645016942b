using Countersign.Core;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// Headers that stand on every answer unless its endpoint says otherwise. Set late: the exception handler wipes what was set before.
/// </summary>
internal static class SecurityHeaders
{
    // A year, for this host alone: what other hosts of the domain do is not known here.
    private const string OnlyHttps = "max-age=31536000";

    // Nothing of a device is asked for by a page of this server.
    private const string NoFeatures =
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        + "microphone=(), midi=(), "
        + "payment=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), "
            + "xr-spatial-tracking=()";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        var isHttpsOutside = app.Services.GetRequiredService<ServerOptions>().PublicUrl is { } url
            && new Uri(url) is { Scheme: "https", Host: var host } && !Hosts.IsLoopback(host);
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                Set(context, isHttpsOutside);
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Set(HttpContext context, bool isHttpsOutside)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        var referrer = "no-referrer";
        Guards.Drop("L08", ref referrer, () => "unsafe-url");
        headers["Referrer-Policy"] = referrer;
        headers.TryAdd("Cache-Control", "no-store");
        headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        // Over plain http browsers pass it over (RFC 6797, section 8.1). It holds for all ports of a host: a developer's machine serves
        // more than this.
        if (isHttpsOutside || (context.Request.IsHttps && !Hosts.IsLoopback(context.Request.Host.Host)))
        {
            headers.StrictTransportSecurity = OnlyHttps;
        }
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
        {
            headers["Permissions-Policy"] = NoFeatures;
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        }
    }
}
