using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>POST /introspect: whether one of the client's access tokens opens anything now (RFC 7662).</summary>
internal sealed class Introspect(OAuthEndpoint endpoint, AccessTokens tokens, ILogger<Introspect> logger) : IEndpoint
{
    public const string Path = "/introspect";

    public RequestDelegate Endpoint => endpoint.Of(
        OAuthMembers.OfToken, HandleAsync, () => Log.ClientRefused(logger, Path));

    // Of a token that is not the caller's nothing is told, not even that it lives (RFC 7662, section 2.2).
    private async Task<Answer> HandleAsync(OAuthCall call) => Answer.Ok(
        await tokens.FindLivingAsync(call.Request[OAuthMembers.Token]!, call.Aborted) is { } token
        && token.ClientId == call.Caller.Client.Id
            ? new IntrospectResponse(
                true, token.ClientId.ToString(), "Bearer", token.ExpiresAt.ToUnixTimeSeconds(), token.IssuedAt.ToUnixTimeSeconds(),
                token.Jwt.Issuer, token.Jwt.Audiences.First(), token.Jwt.Subject, token.Id)
            : new IntrospectResponse(false),
        OAuthJson.Answers.IntrospectResponse);
}

/// <param name="Exp">Seconds since 1970, as <paramref name="Iat"/>.</param>
internal sealed record IntrospectResponse(
    bool Active,
    [property: JsonPropertyName("client_id")] string? ClientId = null,
    [property: JsonPropertyName("token_type")] string? TokenType = null,
    long? Exp = null, long? Iat = null, string? Iss = null, string? Aud = null, string? Sub = null, string? Jti = null)
{
    public override string ToString() => Active ? "active" : "not active";
}
