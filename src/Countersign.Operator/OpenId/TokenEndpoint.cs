using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary><c>/token</c>. There is no refresh token anywhere, and a DPoP header is passed over: tokens are Bearer.</summary>
internal sealed class TokenEndpoint(
    ClientAuthentication authentication, SignedStatements statements, SeenAssertions seen, AuthorizationCodes codes,
    BackchannelRequests requests, LoginHints hints, AccessTokens tokens, IdTokens idTokens, Faults faults, FaultyStages stages,
    Issuer issuer, TimeProvider time)
{
    public const string Ciba = "urn:openid:params:grant-type:ciba";
    public const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers.Pragma = "no-cache";
        await (await AnswerAsync(context)).WriteAsync(context);
    }

    private async Task<Answer> AnswerAsync(HttpContext context)
    {
        if (await Parameters.OfFormAsync(context.Request, context.RequestAborted) is not { } parameters)
        {
            return Answer.OAuthError(400, "invalid_request", "send a form (application/x-www-form-urlencoded)");
        }
        var (client, refusal) = await authentication.AuthenticateAsync(context, parameters, "/token");
        if (client is null)
        {
            return refusal!;
        }
        if (parameters.DuplicateName is not null)
        {
            return Answer.OAuthError(400, "invalid_request", "a parameter is there more than once");
        }
        return parameters["grant_type"] switch
        {
            "authorization_code" => await RedeemCodeAsync(context, client, parameters),
            "client_credentials" => await ClientCredentialsAsync(context, client, parameters),
            Ciba => await FetchBackchannelAsync(context, client, parameters),
            JwtBearer => await JwtBearerAsync(context, client, parameters),
            null => Answer.OAuthError(400, "invalid_request", "grant_type is missing"),
            _ => Answer.OAuthError(
                400, "unsupported_grant_type", "grant_type must be one of grant_types_supported of the discovery document"),
        };
    }

    private async Task<Answer> RedeemCodeAsync(HttpContext context, Client client, Parameters parameters)
    {
        if (parameters["code"] is not { } code || parameters["redirect_uri"] is not { } redirectUri
            || parameters["code_verifier"] is not { } verifier)
        {
            return Answer.OAuthError(400, "invalid_request", "code, redirect_uri and code_verifier are required");
        }
        var authorized = codes.Redeem(code, out var wasUsed);
        if (wasUsed)
        {
            tokens.RevokeOf(code);
            return Answer.OAuthError(400, "invalid_grant", "the code was redeemed before; what came from it is revoked");
        }
        if (authorized is null)
        {
            return Answer.OAuthError(400, "invalid_grant", "the code is unknown");
        }
        context.Notes().Number = authorized.Number;
        var faulty = faults.For(authorized.Number);
        if (await stages.PassAsync(Stage.Token, faulty, context.RequestAborted) is { } broken)
        {
            return broken;
        }
        if (time.GetUtcNow() >= authorized.ExpiresAt)
        {
            return Answer.OAuthError(400, "invalid_grant", "the code has expired");
        }
        if (authorized.ClientId != client.Id)
        {
            return Answer.OAuthError(400, "invalid_grant", "the code is another client's");
        }
        if (authorized.RedirectUri != redirectUri)
        {
            return Answer.OAuthError(400, "invalid_grant", "redirect_uri is not the one of the authorization");
        }
        if (!CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            Encoding.ASCII.GetBytes(authorized.Challenge)))
        {
            return Answer.OAuthError(400, "invalid_grant", "code_verifier does not belong to the code_challenge");
        }
        return Granted(client, authorized.Scopes, authorized.Number, authorized.Nonce, authorized.AuthorizedAt, code, faulty);
    }

    private async Task<Answer> ClientCredentialsAsync(HttpContext context, Client client, Parameters parameters)
    {
        var (scopes, problem) = Scopes.ForClient(parameters["scope"]);
        if (scopes is null)
        {
            return Answer.OAuthError(400, "invalid_scope", problem);
        }
        var faulty = faults.For(null);
        return await stages.PassAsync(Stage.Token, faulty, context.RequestAborted) is { } broken
            ? broken
            : new Answer(200,
                Body(tokens.Issue(client.Id, scopes, subject: null), scopes)) { IsMalformed = faulty.Has(InjectedFault.MalformedToken) };
    }

    private async Task<Answer> FetchBackchannelAsync(HttpContext context, Client client, Parameters parameters)
    {
        if (parameters["auth_req_id"] is not { } id)
        {
            return Answer.OAuthError(400, "invalid_request", "auth_req_id is missing");
        }
        if (requests.Find(id) is not { } request || request.ClientId != client.Id)
        {
            return Answer.OAuthError(400, "invalid_grant", "auth_req_id is unknown, another client's, or was fetched before");
        }
        context.Notes().Number = request.Number;
        var faulty = faults.For(request.Number);
        if (await stages.PassAsync(Stage.Token, faulty, context.RequestAborted) is { } broken)
        {
            return broken;
        }
        if (time.GetUtcNow() >= request.ExpiresAt)
        {
            return Answer.OAuthError(400, "expired_token", "auth_req_id has expired");
        }
        if (requests.IsTooSoon(id))
        {
            return Answer.OAuthError(400, "slow_down", "wait for interval seconds between two polls");
        }
        if (faulty.Has(InjectedFault.AuthorizationPending))
        {
            return Answer.OAuthError(400, "authorization_pending", "a fault was set");
        }
        return requests.Remove(id)
            ? Granted(client, request.Scopes, request.Number, nonce: null, request.AuthorizedAt, code: null, faulty)
            : Answer.OAuthError(400, "invalid_grant", "auth_req_id was fetched before");
    }

    private async Task<Answer> JwtBearerAsync(HttpContext context, Client client, Parameters parameters)
    {
        if (parameters["assertion"] is not { } jwt)
        {
            return Answer.OAuthError(400, "invalid_request", "assertion is missing");
        }
        var (assertion, problem) = await statements.ReadAssertionAsync(
            jwt, client, [issuer.Origin, issuer.Origin + "/token"], context.RequestAborted);
        if (assertion is null)
        {
            return Answer.OAuthError(400, "invalid_grant", $"assertion: {problem}");
        }
        if (!seen.TryUse(client.Id, assertion.Id, new DateTimeOffset(assertion.ValidTo)))
        {
            return Answer.OAuthError(400, "invalid_grant", "assertion: its jti was used before");
        }
        var scopeText = assertion.TryGetPayloadValue<string>("scope", out var inside) ? inside : null;
        var (scopes, wrongScope) = Scopes.ForPerson(scopeText);
        if (scopes is null || parameters["scope"] is not null)
        {
            return Answer.OAuthError(
                400, "invalid_scope", scopes is null ? $"assertion: {wrongScope}" : "scope stands in the assertion, not beside it");
        }
        if (assertion.Subject is not { } subject || !LoginHints.HasForm(subject))
        {
            return Answer.OAuthError(400, "invalid_grant", $"assertion: its sub must be {LoginHints.Forms}");
        }
        var hinted = hints.Find(subject);
        context.Notes().Number = hinted?.Number;
        var faulty = faults.For(hinted?.Number);
        if (await stages.PassAsync(Stage.Token, faulty, context.RequestAborted) is { } broken)
        {
            return broken;
        }
        if (hinted is null || (scopes.NeedPossession && !hinted.ProvesPossession))
        {
            return Answer.OAuthError(400, "invalid_grant", hinted is null
                ? "assertion: its sub points at nobody whom this operator knows"
                : "assertion: a number alone does not show who holds the SIM, which number verification needs");
        }
        return Granted(client, scopes, hinted.Number, nonce: null, time.GetUtcNow(), code: null, faulty);
    }

    private Answer Granted(
        Client client, Scopes scopes, Msisdn number, string? nonce, DateTimeOffset authorizedAt, string? code, FaultSet faulty)
    {
        var token = tokens.Issue(client.Id, scopes, number, code);
        var body = Body(token, scopes);
        if (!faulty.Has(InjectedFault.NoIdToken))
        {
            body["id_token"] = idTokens.Issue(client.Id, number, nonce, authorizedAt, token, faulty);
        }
        return new Answer(200, body) { IsMalformed = faulty.Has(InjectedFault.MalformedToken) };
    }

    private static JsonObject Body(string token, Scopes scopes) => new()
    {
        ["access_token"] = token,
        ["token_type"] = "Bearer",
        ["expires_in"] = (int)AccessTokens.Lifetime.TotalSeconds,
        ["scope"] = scopes.Text,
    };
}
