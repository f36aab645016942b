using Countersign.Operator.Page;
using Countersign.Operator.State;

namespace Countersign.Operator.Hosting;

/// <summary>Writes every call but those of the control API into the <see cref="CallLog"/> and the console.</summary>
internal static class CallLogging
{
    public static void UseCallLog(this WebApplication app)
    {
        var calls = app.Services.GetRequiredService<CallLog>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Countersign.Operator.Calls");
        app.Use(async (context, next) =>
        {
            // The path as it came in: an error handler may change it.
            var path = context.Request.Path.ToUriComponent();
            if (context.Request.Path.StartsWithSegments("/sim", StringComparison.OrdinalIgnoreCase) || PageRoutes.Has(path))
            {
                await next(context);
                return;
            }
            var at = time.GetUtcNow();
            try
            {
                await next(context);
            }
            finally
            {
                var notes = context.Notes();
                var status = context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
                    : context.Response.StatusCode;
                calls.Add(new LoggedCall(
                    0, at, context.Request.Method, path, status, context.Connection.RemoteIpAddress?.ToString() ?? "", notes.Client,
                    notes.Number?.ToString(), notes.Note));
                Log.Called(logger, context.Request.Method, path, status, notes.Note ?? "");
            }
        });
    }
}
