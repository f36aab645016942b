using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Server.Providers.Camara;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Tests.Providers.Camara;

/// <summary>Which of an operator's published keys may have signed a token.</summary>
public sealed class PublishedKeyTests
{
    [Theory]
    [InlineData("a", "ES256", "a")]
    [InlineData("b", "ES256", "b")]
    [InlineData(null, "ES256", "a,b,-")]
    [InlineData("", "ES256", "a,b,-")]
    [InlineData("unknown", "ES256", "-")]
    [InlineData(null, "ES384", "big")]
    [InlineData("a", "ES384", "")]
    [InlineData(null, "RS256", "rsa,rs")]
    [InlineData("rsa", "PS256", "rsa")]
    [InlineData("rs", "PS256", "")]
    [InlineData("a", "RS256", "")]
    [InlineData(null, "HS256", "")]
    [InlineData("a", "HS256", "")]
    [InlineData("secret", "HS256", "")]
    [InlineData("secret", "ES256", "-")]
    [InlineData("cipher", "ES256", "-")]
    [InlineData(null, "none", "")]
    [InlineData("a", "none", "")]
    public void By_name_where_there_is_one_and_else_by_type_and_algorithm(string? name, string algorithm, string expected)
    {
        var keys = PublishedKey.ReadAll(KeySet(
            Elliptic("a", ECCurve.NamedCurves.nistP256), Elliptic("b", ECCurve.NamedCurves.nistP256), Elliptic(null, ECCurve.NamedCurves.nistP256),
            Elliptic("big", ECCurve.NamedCurves.nistP384), Rsa("rsa"), With(Rsa("rs"), "alg", "RS256"),
            With(Elliptic("cipher", ECCurve.NamedCurves.nistP256), "use", "enc"),
            new JsonObject { ["kty"] = "oct", ["kid"] = "secret", ["alg"] = "HS256", ["k"] = Base64UrlEncoder.Encode(new byte[32]) }));

        var candidates = PublishedKey.Candidates(keys, name, algorithm).ToArray();

        Assert.Equal(expected, string.Join(',', keys.Where(key => candidates.Contains(key.Key)).Select(key => key.Name ?? "-")));
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    [InlineData("HS256")]
    public void A_key_that_says_what_it_is_for_is_for_nothing_else(string algorithm)
    {
        var keys = PublishedKey.ReadAll(KeySet(With(Elliptic("a", ECCurve.NamedCurves.nistP256), "alg", algorithm)));

        Assert.Empty(PublishedKey.Candidates(keys, "a", "ES256"));
        Assert.Empty(PublishedKey.Candidates(keys, "a", algorithm));
    }

    private static string KeySet(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    private static JsonObject With(JsonObject key, string member, string value)
    {
        key[member] = value;
        return key;
    }

    private static JsonObject Elliptic(string? name, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return Named(name, new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = key.KeySize == 256 ? "P-256" : "P-384",
            ["x"] = Base64UrlEncoder.Encode(parameters.Q.X!),
            ["y"] = Base64UrlEncoder.Encode(parameters.Q.Y!),
        });
    }

    private static JsonObject Rsa(string name)
    {
        using var key = RSA.Create(2048);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return Named(name, new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus!),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent!),
        });
    }

    private static JsonObject Named(string? name, JsonObject key) => name is null ? key : With(key, "kid", name);
}
