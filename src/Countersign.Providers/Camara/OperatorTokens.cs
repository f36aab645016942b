using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Providers.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Camara;

/// <summary>Asks an operator for tokens, by a signed assertion instead of a secret (RFC 7523, <c>private_key_jwt</c>).</summary>
internal sealed class OperatorTokens(OperatorSettings settings, OperatorMetadata metadata, OperatorCalls calls, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    // CAMARA's security profile permits 300 seconds; it is used at once.
    private static readonly TimeSpan _assertionLifetime = TimeSpan.FromMinutes(1);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    /// <summary>Redeems an authorization code, once, and holds the id token to what was asked for.</summary>
    /// <returns>The access token, good for one call.</returns>
    /// <exception cref="OperatorFailure">There is no token, or not for this check.</exception>
    public async Task<Secret> RedeemAsync(Secret code, Secret verifier, string nonce, Uri redirectUri, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code.Reveal(),
                ["code_verifier"] = verifier.Reveal(),
                ["redirect_uri"] = redirectUri.OriginalString,
            },
            cancellationToken);
        if (answer.Json?.Text("id_token") is not { } idToken)
        {
            throw new OperatorFailure(Reasons.NoIdToken);
        }
        await CheckAsync(idToken, nonce, cancellationToken);
        return new Secret(answer.Json?.Text("access_token")!);
    }

    /// <summary>
    /// Asks the token endpoint. Tried again once when nothing could be sent at all, and never else: a code is good for one use.
    /// </summary>
    /// <param name="form">The grant; who asks is added.</param>
    /// <returns>An answer that holds an access token.</returns>
    /// <exception cref="OperatorFailure">There is no token.</exception>
    public async Task<ProviderAnswer> AskAsync(IReadOnlyDictionary<string, string> form, CancellationToken cancellationToken)
    {
        var published = await metadata.GetAsync(cancellationToken);
        ProviderAnswer answer;
        try
        {
            answer = await calls.SendAsync("token", NewRequest, cancellationToken);
        }
        catch (OperatorFailure failure) when (failure.NothingSent)
        {
            answer = await calls.SendAsync("token", NewRequest, cancellationToken);
        }

        if (!answer.IsSuccess)
        {
            throw new OperatorFailure(answer.Json?.Text("error") switch
            {
                "invalid_grant" => Reasons.CodeRefused,
                "invalid_client" or "unauthorized_client" => Reasons.ClientRefused,
                "access_denied" => Reasons.Denied,
                "consent_required" => Reasons.ConsentMissing,
                null => Reasons.Unreadable,
                _ => Reasons.RequestRefused,
            });
        }
        // RFC 6749, A.12: it goes into a header, where a line break would end it.
        return answer.Json?.Text("access_token") is { Length: > 0 } token && token.All(c => c is >= ' ' and <= '~')
            ? answer
            : throw new OperatorFailure(Reasons.Unreadable) { IsOutage = true };

        // Each try with an assertion of its own: its id is good for one use, too.
        HttpRequestMessage NewRequest() => new(HttpMethod.Post, published.Token)
        {
            Content = new FormUrlEncodedContent([.. form, .. Assertion(published.Token)]),
        };
    }

    private IEnumerable<KeyValuePair<string, string>> Assertion(Uri endpoint)
    {
        var now = time.GetUtcNow();
        var payload = new AssertionPayload(
            settings.ClientId, settings.ClientId, endpoint.OriginalString, now.ToUnixTimeSeconds(),
            (now + _assertionLifetime).ToUnixTimeSeconds(), RandomNumberGenerator.GetHexString(32, lowercase: true));
        return
        [
            new("client_id", settings.ClientId),
            new("client_assertion_type", AssertionType),
            new("client_assertion",
                _handler.CreateToken(JsonSerializer.Serialize(payload, CamaraJson.Wire.AssertionPayload), settings.Key.Credentials)),
        ];
    }

    /// <summary>OpenID Connect Core 3.1.3.7.</summary>
    private async Task CheckAsync(string idToken, string nonce, CancellationToken cancellationToken)
    {
        var published = await metadata.GetAsync(cancellationToken);
        var result = await ValidateAsync(idToken, published);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The operator may have begun a new key within the hour, with a name or without.
            result = await ValidateAsync(idToken, await metadata.RefreshAsync(published, cancellationToken));
        }
        if (!result.IsValid)
        {
            throw new OperatorFailure(ReasonOf(result.Exception), result.Exception);
        }
        var token = (JsonWebToken)result.SecurityToken;
        // Who is named as the one it was issued to must be this server, whatever the audience says.
        if (token.TryGetPayloadValue<object>("azp", out var party) && !(party is string named && named == settings.ClientId))
        {
            throw new OperatorFailure(Reasons.WrongAudience);
        }
        if (!token.TryGetPayloadValue<string>("nonce", out var returned)
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(returned), Encoding.UTF8.GetBytes(nonce)))
        {
            throw new OperatorFailure(Reasons.WrongNonce);
        }
    }

    private Task<TokenValidationResult> ValidateAsync(string token, Published published) =>
        _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            // Public key algorithms alone: a key that is published must never be read as a shared secret.
            ValidAlgorithms =
            [
                SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256,
                SecurityAlgorithms.RsaSsaPssSha256,
            ],
            ValidIssuer = settings.Issuer,
            AudienceValidator = (_, signed, _) => IdToken.IsForAlone((JsonWebToken)signed, settings.ClientId),
            IssuerSigningKeyResolver = (_, signed, name, _) => PublishedKey.Candidates(published.Keys, name, ((JsonWebToken)signed).Alg),
            TryAllIssuerSigningKeys = false,
            // The library keeps what checks by a key's name, and names are the operators' choice: two of them may have the same.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
            LifetimeValidator = (_, expires, _, _) => expires is { } end && time.GetUtcNow().UtcDateTime < end,
        });

    private static string ReasonOf(Exception? exception) => exception switch
    {
        SecurityTokenInvalidIssuerException => Reasons.WrongIssuer,
        SecurityTokenInvalidAudienceException => Reasons.WrongAudience,
        SecurityTokenInvalidLifetimeException => Reasons.ExpiredToken,
        SecurityTokenMalformedException or ArgumentException => Reasons.Unreadable,
        _ => Reasons.WrongSignature,
    };
}

internal sealed record AssertionPayload(string Iss, string Sub, string Aud, long Iat, long Exp, string Jti)
{
    public override string ToString() => "***";
}

[JsonSerializable(typeof(AssertionPayload))]
[JsonSerializable(typeof(OpenCheck))]
[JsonSerializable(typeof(VerifyRequest))]
internal sealed partial class CamaraJson : JsonSerializerContext
{
    public static CamaraJson Wire { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
