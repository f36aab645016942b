using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>POST /token: OAuth 2.0 client credentials (RFC 6749, section 4.4).</summary>
internal sealed class Token(OAuthEndpoint endpoint, Tokens tokens, ILogger<Token> logger) : IEndpoint
{
    public const string Path = "/token";

    public RequestDelegate Endpoint => endpoint.Of(
        [TokenOperation.GrantType],
        async call =>
        {
            var token = await tokens.IssueAccessAsync(call.Caller.Client, call.Caller.Credential, call.Aborted);
            return Answer.Ok(new TokenResponse(token, "Bearer", (int)Tokens.AccessLifetime.TotalSeconds), OAuthJson.Answers.TokenResponse);
        },
        () => Log.TokenRefused(logger));
}

internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn)
{
    public override string ToString() => TokenType;
}
