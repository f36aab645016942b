using System.Text.Json.Serialization;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>What others may know of the token endpoint: its metadata (RFC 8414) and its public keys (RFC 7517).</summary>
internal sealed class Discovery(PublicAddress address, SigningKeys signing)
{
    private static readonly string[] _methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

    public RequestDelegate Metadata => context =>
    {
        var origin = address.Origin;
        return Answer.Ok(
            new AuthorizationServerMetadata(
                origin, origin + Token.Path, origin + "/.well-known/jwks.json", ["client_credentials"],
                _methods, ClientKey.Algorithms, [], origin + "/reference",
                origin + Revoke.Path, _methods, ClientKey.Algorithms, origin + Introspect.Path, _methods, ClientKey.Algorithms),
            OAuthJson.Answers.AuthorizationServerMetadata).WriteAsync(context);
    };

    public RequestDelegate Keys => async context =>
    {
        await signing.PublishAsync(context.RequestAborted);
        var keys = signing.Published.Select(ToPublic).ToArray();
        await Answer.Ok(new JsonWebKeys(keys), OAuthJson.Answers.JsonWebKeys).WriteAsync(context);
    };

    private static PublicKey ToPublic(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new PublicKey("EC", "sig", "ES256", "P-256", key.KeyId, Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
    }
}

internal sealed record AuthorizationServerMetadata(
    string Issuer,
    [property: JsonPropertyName("token_endpoint")] string TokenEndpoint,
    [property: JsonPropertyName("jwks_uri")] string JwksUri,
    [property: JsonPropertyName("grant_types_supported")] IReadOnlyList<string> GrantTypes,
    [property: JsonPropertyName("token_endpoint_auth_methods_supported")] IReadOnlyList<string> AuthMethods,
    [property: JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")] IReadOnlyList<string> AuthAlgorithms,
    [property: JsonPropertyName("response_types_supported")] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("service_documentation")] string Documentation,
    [property: JsonPropertyName("revocation_endpoint")] string RevocationEndpoint,
    [property: JsonPropertyName("revocation_endpoint_auth_methods_supported")] IReadOnlyList<string> RevocationAuthMethods,
    [property: JsonPropertyName("revocation_endpoint_auth_signing_alg_values_supported")] IReadOnlyList<string> RevocationAuthAlgorithms,
    [property: JsonPropertyName("introspection_endpoint")] string IntrospectionEndpoint,
    [property: JsonPropertyName("introspection_endpoint_auth_methods_supported")] IReadOnlyList<string> IntrospectionAuthMethods,
    [property: JsonPropertyName("introspection_endpoint_auth_signing_alg_values_supported")]
    IReadOnlyList<string> IntrospectionAuthAlgorithms);

internal sealed record JsonWebKeys(IReadOnlyList<PublicKey> Keys);

internal sealed record PublicKey(string Kty, string Use, string Alg, string Crv, string Kid, string X, string Y);
