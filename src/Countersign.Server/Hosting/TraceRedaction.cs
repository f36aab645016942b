using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Hosting;

/// <summary>
/// Keeps addresses out of traces, as <see cref="LogRedaction"/> keeps them out of the log: an instrumentation puts the path and the query
/// into every request's activity, and ours hold link tokens, auth tokens and numbers. The route, which tells an operator as much, stays.
/// </summary>
internal static class TraceRedaction
{
    // OpenTelemetry's semantic conventions for HTTP spans.
    private static readonly string[] _addresses = ["url.path", "url.query", "url.full"];

    public static void UseTraceRedaction(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Features.Get<IHttpActivityFeature>() is { Activity: var activity })
        {
            foreach (var name in _addresses)
            {
                // Null takes it away.
                activity.SetTag(name, null);
            }
        }
        return next(context);
    });
}
