using Countersign.Server.Endpoints.RelyingParty;
using Microsoft.AspNetCore.Diagnostics;

namespace Countersign.Server.Endpoints.Http;

/// <summary>One writer of <c>{code, message}</c> for everything that no endpoint answered.</summary>
internal static class ErrorPages
{
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException,
            ExceptionHandler = context => WriteAsync(context),
        });
        app.UseStatusCodePages(pages => WriteAsync(pages.HttpContext));
    }

    private static Task WriteAsync(HttpContext context)
    {
        var caller = context.Features.Get<Caller>();
        var family = caller?.Project.Settings.ErrorCodes ?? context.RequestServices.GetRequiredService<CountersignOptions>().DefaultErrorCodes;
        var fault = context.Response.StatusCode switch
        {
            // The published platform answers a wrong path and a wrong method under /v3 as a step that is not allowed.
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed when caller is not null => Fault.StepNotAllowed,
            StatusCodes.Status404NotFound => Fault.NotFound,
            StatusCodes.Status405MethodNotAllowed => Fault.MethodNotAllowed,
            >= 400 and < 500 => Fault.Malformed("the request is not valid HTTP"),
            _ => Fault.Internal,
        };
        if (fault == Fault.StepNotAllowed)
        {
            context.Response.Headers.Remove("Allow");
        }
        var isToken = context.Request.Path.StartsWithSegments(Token.Path, StringComparison.OrdinalIgnoreCase);
        var answer = isToken ? Token.Refusal(fault, family) : Answer.Of(fault, family);
        return answer.WriteAsync(context);
    }
}
