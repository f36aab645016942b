using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Endpoints.Http;

/// <summary>One writer of <c>{code, message}</c> for everything that no endpoint answered.</summary>
internal sealed class ErrorPages(FailureLog failures, ErrorCodeOptions errorCodes, ErrorForms forms)
{
    // Seconds: as long as a store that does not answer is left alone.
    private const string RetryAfter = "1";

    public static void Use(WebApplication app)
    {
        var pages = new ErrorPages(
            app.Services.GetRequiredService<FailureLog>(), app.Services.GetRequiredService<ErrorCodeOptions>(),
            app.Services.GetRequiredService<ErrorForms>());
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception switch
            {
                BadHttpRequestException => StatusCodes.Status400BadRequest,
                StoreUnavailableException or UnavailableException => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
            // The framework would write kilobytes of trace for each call.
            SuppressDiagnosticsCallback = _ => true,
            ExceptionHandler = pages.WriteFailureAsync,
        });
        app.UseStatusCodePages(page => pages.WriteAsync(page.HttpContext));
    }

    public Task WriteFailureAsync(HttpContext context)
    {
        var failure = context.Features.GetRequiredFeature<IExceptionHandlerFeature>();
        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status500InternalServerError)
        {
            return WriteAsync(context);
        }

        var route = (failure.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        failures.CallFailed(context.Request.Method, route, status, failure.Error);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfter;
        }
        return failure.Endpoint?.Metadata.GetMetadata<FailurePage>() is { } page ? page.WriteAsync(context) : WriteAsync(context);
    }

    public Task WriteAsync(HttpContext context)
    {
        var caller = context.Features.Get<Caller>();
        var family = caller?.Project.Settings.ErrorCodes ?? errorCodes.ErrorCodes;
        var fault = context.Response.StatusCode switch
        {
            // The published platform answers a wrong path and a wrong method under /v3 as a step that is not allowed.
            StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed when caller is not null && IsPublished(context) =>
                Fault.StepNotAllowed,
            StatusCodes.Status404NotFound => Fault.NotFound,
            StatusCodes.Status405MethodNotAllowed => Fault.MethodNotAllowed,
            >= 400 and < 500 => Fault.Malformed("the request is not valid HTTP"),
            StatusCodes.Status503ServiceUnavailable => Fault.Unavailable,
            _ => Fault.Internal,
        };
        if (fault == Fault.StepNotAllowed)
        {
            context.Response.Headers.Remove("Allow");
        }
        return forms.Say(context, fault, family).WriteAsync(context);
    }

    private static bool IsPublished(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v3", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// How refusals are said at an address and below it, where that is not the house's way. By address and not by endpoint: a wrong method and
/// a wrong path have no endpoint.
/// </summary>
internal sealed class ErrorForm(PathString path, Func<Fault, ErrorCodes, Answer> say)
{
    public PathString Path => path;

    public Func<Fault, ErrorCodes, Answer> Say => say;
}

/// <summary>The forms of all addresses; the house's where an address has none.</summary>
internal sealed class ErrorForms(IEnumerable<ErrorForm> all)
{
    private readonly ErrorForm[] _all = [.. all];

    public Answer Say(HttpContext context, Fault fault, ErrorCodes family)
    {
        var own = Array.Find(_all, form => context.Request.Path.StartsWithSegments(form.Path, StringComparison.OrdinalIgnoreCase));
        return own?.Say(fault, family) ?? Answer.Of(fault, family);
    }
}

/// <summary>On an endpoint for persons: what they see when a call has failed. The status is set.</summary>
internal sealed record FailurePage(Func<HttpContext, Task> WriteAsync);
