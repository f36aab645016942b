using Countersign.Core.Flows;
using Countersign.Core.Sandbox;

namespace Countersign.Server.Pages;

/// <summary>The pages of the sandbox: scripts and styles from here only, calls to here and to the simulated operator only.</summary>
internal sealed class SandboxPages(PublicAddress address, SimulatedOperator? simulated = null)
{
    public RequestDelegate Handset => Of("sandbox/handset.html");

    public RequestDelegate Landing => Of("sandbox/landing.html");

    private RequestDelegate Of(string name) => PageFile.Of(name, "text/html", context =>
    {
        // The page may have been opened by another name of this machine than the one that auth tokens carry.
        var origin = address.Origin;
        var sockets = "ws" + origin["http".Length..];
        var mobileOperator = simulated is { Origin: var other } ? " " + other : "";
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            + $"connect-src 'self' {origin} {sockets}{mobileOperator}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        context.Response.Headers["X-Robots-Tag"] = "noindex";
    });
}
