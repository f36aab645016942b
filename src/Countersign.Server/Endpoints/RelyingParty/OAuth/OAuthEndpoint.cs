using System.Text.Json.Serialization;
using Countersign.Core.Projects;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>What the addresses of OAuth that a client calls have in common: the rate, the credentials and the form of refusals.</summary>
internal sealed class OAuthEndpoint(ClientAuthentication clients, RequestRate rate, ErrorCodeOptions errorCodes)
{
    /// <param name="fields">What the address asks for beside the credentials.</param>
    /// <param name="refused">A client was not found by its credentials.</param>
    public RequestDelegate Of(IReadOnlyList<Member<string>> fields, Func<OAuthCall, Task<Answer>> handle, Action refused) =>
        async context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.Pragma = "no-cache";
            await (await AnswerAsync(context, fields, handle, refused)).WriteAsync(context);
        };

    /// <summary>The house's error together with RFC 6749's: whoever calls by a library of OAuth reads only the latter.</summary>
    public static Answer Refusal(Fault fault, ErrorCodes family)
    {
        var error = new TokenError(fault.CodeFor(family), fault.Message, WordOf(fault), fault.Message);
        return Answer.Ok(error, OAuthJson.Answers.TokenError) with { Status = fault.Status };
    }

    // RFC 6749, sections 5.2 and 4.1.2.1; RFC 7009, section 2.2.1, and RFC 7662, section 2.3, refer to them.
    public static string WordOf(Fault fault) => fault.Status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_client",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= 500 => "server_error",
        _ when fault == TokenOperation.OtherGrant => "unsupported_grant_type",
        _ => "invalid_request",
    };

    private async Task<Answer> AnswerAsync(
        HttpContext context, IReadOnlyList<Member<string>> fields, Func<OAuthCall, Task<Answer>> handle, Action refused)
    {
        // Before credentials are checked nobody is known but the address.
        if (!rate.TryTake(context))
        {
            return Refuse(Fault.TooManyRequests);
        }
        if (!(await OAuthRequest.ReadAsync(context.Request, fields)).Is(out var request, out var fault))
        {
            return Refuse(fault);
        }
        if (!(await clients.FindAsync(request.Credentials, context.RequestAborted)).Is(out var client, out fault))
        {
            refused();
            if (request.Credentials.IsBasic)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"countersign\"";
            }
            return Refuse(fault);
        }
        return await handle(new OAuthCall(client, request, context.RequestAborted));
    }

    private Answer Refuse(Fault fault) => Refusal(fault, errorCodes.ErrorCodes);
}

/// <summary>A well-formed call of a client that is known.</summary>
internal sealed record OAuthCall(KnownClient Caller, OAuthRequest Request, CancellationToken Aborted)
{
    public override string ToString() => Caller.ToString();
}

/// <summary>The house's error and RFC 6749's in one body.</summary>
internal sealed record TokenError(
    int Code, string Message, string Error, [property: JsonPropertyName("error_description")] string ErrorDescription);
