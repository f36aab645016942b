using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>POST /token: OAuth 2.0 client credentials (RFC 6749, section 4.4).</summary>
internal sealed class Token(
    IProjectStore projects, Tokens tokens, SecretHasher hasher, RequestRate rate, ErrorCodeOptions errorCodes, TimeProvider time,
    ILogger<Token> logger) : IEndpoint
{
    public const string Path = "/token";

    // What an unknown client's secret is compared with, so that it costs what a known client's does.
    private readonly ApiClient _nobody = new(default, default, ClientSecrets.HashOf(hasher, ""));

    public RequestDelegate Endpoint => async context =>
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
        await (await AnswerAsync(context)).WriteAsync(context);
    };

    /// <summary>The house's error together with RFC 6749's: whoever asks for a token by a library of OAuth reads only the latter.</summary>
    public static Answer Refusal(Fault fault, ErrorCodes family)
    {
        var error = new TokenError(fault.CodeFor(family), fault.Message, WordOf(fault), fault.Message);
        return Answer.Ok(error, OAuthJson.Answers.TokenError) with { Status = fault.Status };
    }

    // RFC 6749, sections 5.2 and 4.1.2.1.
    public static string WordOf(Fault fault) => fault.Status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_client",
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => "temporarily_unavailable",
        >= 500 => "server_error",
        _ when fault == TokenRequest.OtherGrant => "unsupported_grant_type",
        _ => "invalid_request",
    };

    private async Task<Answer> AnswerAsync(HttpContext context)
    {
        // Before credentials are checked nobody is known but the address.
        if (!rate.TryTake(context))
        {
            return Refuse(Fault.TooManyRequests);
        }
        if (!(await TokenRequest.ReadAsync(context.Request)).Is(out var request, out var fault))
        {
            return Refuse(fault);
        }

        var client = ClientId.TryParse(request.ClientId, out var id) ? await projects.FindClientAsync(id, context.RequestAborted) : null;
        var secret = ClientSecrets.HashOf(hasher, request.ClientSecret);
        var isRight = (client ?? _nobody).Opens(secret, time.GetUtcNow());
        if (client is null || !isRight)
        {
            Log.TokenRefused(logger);
            if (request.IsBasic)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"countersign\"";
            }
            return Refuse(Fault.NotAuthorized);
        }

        var token = await tokens.IssueAccessAsync(client, secret, context.RequestAborted);
        return Answer.Ok(new TokenResponse(token, "Bearer", (int)Tokens.AccessLife.TotalSeconds), OAuthJson.Answers.TokenResponse);
    }

    private Answer Refuse(Fault fault) => Refusal(fault, errorCodes.ErrorCodes);
}

internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn)
{
    public override string ToString() => TokenType;
}

/// <summary>The house's error and RFC 6749's in one body.</summary>
internal sealed record TokenError(
    int Code, string Message, string Error, [property: JsonPropertyName("error_description")] string ErrorDescription);
