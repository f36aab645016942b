using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Hosting;

/// <summary>
/// Keeps addresses out of traces, as <see cref="FrameworkLog"/> keeps them out of the log: the framework puts the path into every request's
/// activity, and ours hold link tokens and numbers. The route, which tells an operator as much, stays.
/// </summary>
internal static class QuietTraces
{
    public static void UseQuietTraces(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // OpenTelemetry semantic conventions for HTTP: the name under which a server's span has the path. Null takes it away.
        context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("url.path", null);
        return next(context);
    });
}
