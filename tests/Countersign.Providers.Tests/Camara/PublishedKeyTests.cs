using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Providers.Camara;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Tests.Camara;

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
            Elliptic("a", ECCurve.NamedCurves.nistP256), Elliptic("b", ECCurve.NamedCurves.nistP256),
            Elliptic(null, ECCurve.NamedCurves.nistP256), Elliptic("big", ECCurve.NamedCurves.nistP384), Rsa("rsa"),
            With(Rsa("rs"), "alg", "RS256"), With(Elliptic("cipher", ECCurve.NamedCurves.nistP256), "use", "enc"),
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

    [Theory]
    [InlineData(1024, 0, false)]
    [InlineData(2040, 0, false)]
    [InlineData(1024, 128, false)]
    [InlineData(2048, 0, true)]
    [InlineData(2048, 1, true)]
    [InlineData(3072, 0, true)]
    public void An_RSA_key_has_as_many_bits_as_ours_must_have(int bits, int zeros, bool isUsed)
    {
        var keys = PublishedKey.ReadAll(KeySet(Rsa("a", bits, zeros)));

        Assert.Equal(isUsed, PublishedKey.Candidates(keys, "a", "RS256").Any());
        Assert.Equal(isUsed, PublishedKey.Candidates(keys, "a", "PS256").Any());
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("k")]
    public void A_key_that_anybody_could_sign_with_is_none(string member)
    {
        var keys = PublishedKey.ReadAll(KeySet(
            With(Rsa("rsa"), member, "AQAB"), With(Elliptic("ec", ECCurve.NamedCurves.nistP256), member, "AQAB"),
            Elliptic("public", ECCurve.NamedCurves.nistP256)));

        Assert.Equal(["public"], keys.Select(key => key.Name));
    }

    [Fact]
    public void A_private_key_that_is_published_whole_is_none()
    {
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: true);
        var key = Rsa("rsa");
        foreach (var (member, value) in new[]
        {
            ("n", parameters.Modulus), ("d", parameters.D), ("p", parameters.P), ("q", parameters.Q), ("dp", parameters.DP),
            ("dq", parameters.DQ), ("qi", parameters.InverseQ),
        })
        {
            key[member] = Base64UrlEncoder.Encode(value!);
        }

        Assert.Empty(PublishedKey.ReadAll(KeySet(key)));
    }

    [Theory]
    [InlineData(null, "verify", true)]
    [InlineData(null, "sign verify", true)]
    [InlineData("sig", "verify", true)]
    [InlineData("sig", null, true)]
    [InlineData(null, "encrypt wrapKey", false)]
    [InlineData("sig", "deriveKey", false)]
    [InlineData(null, "sign", false)]
    [InlineData(null, "VERIFY", false)]
    [InlineData("enc", "verify", false)]
    [InlineData("SIG", null, false)]
    [InlineData("sig enc", null, false)]
    public void A_key_is_for_what_it_says(string? use, string? operations, bool isUsed)
    {
        var key = Elliptic("a", ECCurve.NamedCurves.nistP256);
        if (use is not null)
        {
            key["use"] = use;
        }
        if (operations is not null)
        {
            key["key_ops"] = new JsonArray([.. operations.Split(' ').Select(operation => (JsonNode)operation)]);
        }

        Assert.Equal(isUsed, PublishedKey.Candidates(PublishedKey.ReadAll(KeySet(key)), "a", "ES256").Any());
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

    private static JsonObject Rsa(string name, int bits = 2048, int zeros = 0)
    {
        using var key = RSA.Create(bits);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return Named(name, new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64UrlEncoder.Encode([.. new byte[zeros], .. parameters.Modulus!]),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent!),
        });
    }

    private static JsonObject Named(string? name, JsonObject key) => name is null ? key : With(key, "kid", name);
}
