using System.Text;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Operators;

/// <summary>
/// GET /operators/{name}/callback: where an operator sends the browser back to. Nothing is redeemed or decided here, since an address may
/// be opened by anybody: the browser gets something sealed that counts only together with the auth token of the flow it is for.
/// </summary>
internal sealed class OperatorCallback(IOperatorCallbacks operators) : IEndpoint
{
    /// <summary>In the fragment of the address a page comes back to: fragments are sent to no server and stand in no log.</summary>
    public const string FlowMember = "countersign-flow";

    /// <summary>Likewise.</summary>
    public const string ProofMember = "countersign-vfp";

    private static readonly string[] _members = ["state", "code", "error", "iss"];

    private static readonly byte[] _unknown = Encoding.UTF8.GetBytes(
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        """
        + """
        <title>Nothing to continue</title></head>
        <body><h1>There is nothing to continue here</h1>
        <p>This address belongs to a check of a phone that was not begun on this site, or that is long over.
        """
        + " Go back to the page you came from and begin again.</p></body></html>");

    public RequestDelegate Endpoint => async context =>
    {
        var response = context.Response;
        // After a redirect from another origin a browser says "null" of itself, so no list could name it; no cookie is read and the answer
        // is sealed.
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Robots-Tag"] = "noindex";
        var returned = Receive(context);
        switch (returned)
        {
            case null:
                response.StatusCode = StatusCodes.Status400BadRequest;
                response.ContentType = "text/html; charset=utf-8";
                await response.Body.WriteAsync(_unknown, context.RequestAborted);
                break;
            case { ReturnUrl: { } page }:
                response.StatusCode = StatusCodes.Status303SeeOther;
                response.Headers.Location = $"{page}#{FlowMember}={returned.Flow}&{ProofMember}={returned.Proof.Reveal()}";
                break;
            default:
                var proof = new ReturnedProofBody(returned.Proof.Reveal());
                await Answer.Ok(proof, OperatorJson.Answers.ReturnedProofBody).WriteAsync(context);
                break;
        }
    };

    private ReturnedProof? Receive(HttpContext context)
    {
        var query = context.Request.Query;
        return _members.All(name => query[name].Count <= 1)
            ? operators.Receive(
                (string)context.Request.RouteValues["name"]!,
                new OperatorRedirect(
                    query["state"], query["code"], query["error"], query["iss"], context.Connection.RemoteIpAddress))
            : null;
    }
}

/// <param name="Vfp">By the name that published browser SDKs look for.</param>
internal sealed record ReturnedProofBody(string Vfp)
{
    public override string ToString() => "***";
}

/// <summary>
/// GET /operators/{name}/jwks.json: the key by which this server proves itself to an operator that was given this address.
/// </summary>
internal sealed class OperatorKeys(IOperatorCallbacks operators) : IEndpoint
{
    public RequestDelegate Endpoint => async context =>
    {
        var name = (string)context.Request.RouteValues["name"]!;
        var answer = operators.PublicKeys(name) is { } keys
            ? new Answer(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(keys))
            : Answer.Of(Fault.NotFound, Core.Projects.ErrorCodes.Standard);
        await answer.WriteAsync(context);
    };
}
