using Microsoft.AspNetCore.Diagnostics;

namespace Countersign.Operator.Hosting;

/// <summary>
/// Answers in JSON where ASP.NET would answer with nothing: unknown addresses, wrong methods, bodies too long, faults of our own.
/// </summary>
internal static class ErrorAnswers
{
    public static void UseErrorAnswers(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Countersign.Operator");
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            SuppressDiagnosticsCallback = _ => true,
            ExceptionHandler = context =>
            {
                var problem = context.Features.Get<IExceptionHandlerFeature>()?.Error;
                if (problem is BadHttpRequestException refused)
                {
                    return Answer.CamaraError(refused.StatusCode, "INVALID_ARGUMENT", "The request could not be read.").WriteAsync(context);
                }
                Log.Failed(logger, problem);
                return Answer.CamaraError(500, "INTERNAL", "The simulated operator failed; its console says why.").WriteAsync(context);
            },
        });
        app.UseStatusCodePages(context => context.HttpContext.Response.StatusCode switch
        {
            404 => Answer.CamaraError(404, "NOT_FOUND", "There is nothing at this address.").WriteAsync(context.HttpContext),
            405 => Answer.CamaraError(405, "METHOD_NOT_ALLOWED", "This address is called by another method.")
                .WriteAsync(context.HttpContext),
            _ => Task.CompletedTask,
        });
    }
}
