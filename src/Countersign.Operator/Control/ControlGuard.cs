using System.Net;
using Countersign.Operator.Hosting;

namespace Countersign.Operator.Control;

/// <summary>
/// Keeps the control API to this machine: calls from its own addresses, under its own names (else a page could rebind a name of its own to
/// 127.0.0.1), and from pages of this machine, whatever their port.
/// </summary>
internal static class ControlGuard
{
    public static void UseControlGuard(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/sim", StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }
        var origin = context.Request.Headers.Origin.ToString();
        if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)
            || !IsThisMachine(context.Request.Host.Host)
            || (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsThisMachine(page.Host))))
        {
            return Answer.CamaraError(403, "PERMISSION_DENIED", "The control API answers this machine only.").WriteAsync(context);
        }
        if (origin.Length > 0)
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.AccessControlAllowOrigin = origin;
                context.Response.Headers.Append("Vary", "Origin");
                return Task.CompletedTask;
            });
        }
        if (!CrossOrigin.IsPreflight(context.Request))
        {
            return next(context);
        }
        CrossOrigin.AllowPreflight(context, "GET, POST, PUT, PATCH, DELETE");
        return Task.CompletedTask;
    });

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
