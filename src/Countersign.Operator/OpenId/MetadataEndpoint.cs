using System.Text.Json.Nodes;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>What a client finds out by itself: the discovery document and the operator's keys.</summary>
internal sealed class MetadataEndpoint(Issuer issuer, SigningKeys keys, Faults faults)
{
    public Task DiscoveryAsync(HttpContext context)
    {
        var origin = issuer.Origin;
        string[] algorithms = ["ES256", "ES384", "RS256", "PS256"];
        return new Answer(200, new JsonObject
        {
            ["issuer"] = origin,
            ["authorization_endpoint"] = origin + "/authorize",
            ["token_endpoint"] = origin + "/token",
            ["backchannel_authentication_endpoint"] = origin + "/bc-authorize",
            ["jwks_uri"] = origin + "/jwks",
            ["scopes_supported"] = Texts(["openid", "dpv:FraudPreventionAndDetection", "dpv:IdentityVerification", .. Scopes.Known]),
            ["response_types_supported"] = Texts(["code"]),
            ["response_modes_supported"] = Texts(["query"]),
            ["grant_types_supported"] = Texts(["authorization_code", "client_credentials", TokenEndpoint.JwtBearer, TokenEndpoint.Ciba]),
            ["subject_types_supported"] = Texts(["pairwise"]),
            ["id_token_signing_alg_values_supported"] = Texts(["ES256"]),
            ["token_endpoint_auth_methods_supported"] = Texts(["private_key_jwt"]),
            ["token_endpoint_auth_signing_alg_values_supported"] = Texts(algorithms),
            ["code_challenge_methods_supported"] = Texts(["S256"]),
            ["request_parameter_supported"] = true,
            ["request_uri_parameter_supported"] = false,
            ["request_object_signing_alg_values_supported"] = Texts(algorithms),
            ["backchannel_token_delivery_modes_supported"] = Texts(["poll"]),
            ["backchannel_user_code_parameter_supported"] = false,
            ["authorization_response_iss_parameter_supported"] = true,
            ["prompt_values_supported"] = Texts(["none"]),
            ["claims_supported"] = Texts(["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "amr", "at_hash"]),
        }).WriteAsync(context);
    }

    public Task KeysAsync(HttpContext context)
    {
        var list = new JsonArray();
        foreach (var key in keys.All)
        {
            var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            var published = new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["use"] = "sig",
                ["alg"] = "ES256",
                ["x"] = Base64UrlEncoder.Encode(point.X!),
                ["y"] = Base64UrlEncoder.Encode(point.Y!),
            };
            if (!faults.For(null).Has(InjectedFault.NamelessKey))
            {
                published["kid"] = key.KeyId;
            }
            list.Add((JsonNode)published);
        }
        return new Answer(200, new JsonObject { ["keys"] = list }).WriteAsync(context);
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)JsonValue.Create(text))];
}
