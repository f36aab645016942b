using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Core.Tests.Projects;

public sealed class ClientKeysTests
{
    // RFC 7638, section 3.1.
    private const string Modulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"
        + "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"
        + "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"
        + "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    [Theory]
    [InlineData("ES256", 64, true)]
    [InlineData("ES256", 96, false)]
    [InlineData("ES384", 96, true)]
    [InlineData("PS256", 256, true)]
    [InlineData("RS256", 384, true)]
    [InlineData("RS256", 512, true)]
    [InlineData("RS256", 255, false)]
    [InlineData("RS256", 513, false)]
    [InlineData("none", 64, false)]
    public void Where_a_client_has_no_key_for_a_signature_nobodys_is_asked_and_says_no(string algorithm, int bytes, bool isThere)
    {
        var key = ClientKey.OfNobody(algorithm, bytes);

        Assert.Equal(isThere, key is not null);
        if (key is not null)
        {
            Assert.Equal(bytes, key.SignatureBytes);
            Assert.False(key.Verifies(algorithm, [1, 2, 3], [.. Enumerable.Repeat((byte)7, bytes)]));
        }
    }

    [Fact]
    public void The_thumbprint_is_that_of_the_standard_whatever_the_key_is_called()
    {
        var keys = Parse(new JsonObject { ["kty"] = "RSA", ["n"] = Modulus, ["e"] = "AQAB", ["alg"] = "RS256", ["kid"] = "2011-04-29" });

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", keys.Keys[0].Thumbprint);
        Assert.True(keys.Has("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        Assert.Equal(("2011-04-29", "RS256"), (keys.Keys[0].Id, keys.Keys[0].Algorithm));
    }

    [Fact]
    public void A_set_is_read_again_as_it_was_written_without_what_nobody_knows()
    {
        var point = Point();
        (point["kid"], point["x5c"], point["key_ops"]) = ("a \"b\" é", new JsonArray("x"), new JsonArray("verify"));
        var keys = Parse(point, new JsonObject { ["kty"] = "RSA", ["n"] = Modulus, ["e"] = "AQAB" });

        var again = ClientKeys.Parse(keys.Json).Keys;

        Assert.Equal(keys, again);
        Assert.Equal(("a \"b\" é", null), (again!.Keys[0].Id, again.Keys[1].Id));
        Assert.DoesNotContain("x5c", keys.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void No_keys_are_none()
    {
        Assert.Same(ClientKeys.None, ClientKeys.Parse("""{"keys":[]}""").Keys);
        Assert.Empty(ClientKeys.None.Of(ClientKey.Es256, null));
    }

    [Fact]
    public void A_key_fits_by_its_kind_its_alg_and_its_name()
    {
        var (p256, p384) = (Point(), Point("P-384"));
        (p256["kid"], p384["kid"]) = ("one", "two");
        var rsa = new JsonObject { ["kty"] = "RSA", ["n"] = Modulus, ["e"] = "AQAB", ["alg"] = "PS256" };
        var keys = Parse(p256, p384, rsa);

        Assert.Equal([keys.Keys[0]], keys.Of("ES256", null));
        Assert.Equal([keys.Keys[0]], keys.Of("ES256", "one"));
        Assert.Empty(keys.Of("ES256", "two"));
        Assert.Equal([keys.Keys[1]], keys.Of("ES384", "two"));
        Assert.Equal([keys.Keys[2]], keys.Of("PS256", "a name that no key has, which this key has none against"));
        Assert.Empty(keys.Of("RS256", null));
        Assert.Empty(keys.Of("HS256", null));
        Assert.Empty(keys.Of("none", null));
    }

    private static readonly Dictionary<string, (Func<JsonNode?> Key, string Problem)> _bad = new()
    {
        ["no object"] = (() => 1, "must be an object"),
        ["a private key"] = (() => With(Point(), "d", "AQAB"), "is private or a shared secret"),
        ["a shared secret"] = (() => new JsonObject { ["kty"] = "oct", ["k"] = "AQAB" }, "is private or a shared secret"),
        ["another kind"] = (() => new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = "AQAB" }, "must be an EC key"),
        ["no kind"] = (() => new JsonObject(), "must be an EC key"),
        ["another curve"] = (() => With(Point(), "crv", "P-521"), "must be an EC key"),
        ["a point beside the curve"] = (() => With(Point(), "x", Point()["x"]!.ToString()), "must be an EC key"),
        ["a point of another length"] = (() => With(Point(), "x", "AQAB"), "must be an EC key"),
        ["a point with padding"] = (() => With(Point(), "x", Point()["x"] + "="), "must be an EC key"),
        ["an RSA key of 1024 bits"] = (() => Rsa(1024), "must be an EC key"),
        ["an RSA key of 5120 bits"] = (() => With(Rsa(2048), "n", Base64Url.EncodeToString([.. Enumerable.Repeat((byte)255, 640)])),
            "must be an EC key"),
        ["an RSA key with the exponent 1"] = (() => With(Rsa(2048), "e", "AQ"), "must be an EC key"),
        ["an RSA key of 2047 bits"] = (() => With(Rsa(2048), "n", Number(256, first: 0x7F)), "must be an EC key"),
        ["an RSA key of 4097 bits"] = (() => With(Rsa(2048), "n", Number(513, first: 1)), "must be an EC key"),
        ["an RSA key whose modulus begins with a zero"] = (() => With(Rsa(2048), "n", Number(257, first: 0)), "must be an EC key"),
        ["an RSA key with an even modulus"] = (() => With(Rsa(2048), "n", Number(256, last: 0xFE)), "must be an EC key"),
        ["an RSA key without a modulus"] = (() => With(Rsa(2048), "n", ""), "must be an EC key"),
        ["an RSA key with an even exponent"] = (() => With(Rsa(2048), "e", "AQAA"), "must be an EC key"),
        ["an RSA key with an exponent of five bytes"] = (() => With(Rsa(2048), "e", "AQAAAAE"), "must be an EC key"),
        ["an RSA key whose exponent begins with a zero"] = (() => With(Rsa(2048), "e", "AAEAAQ"), "must be an EC key"),
        ["an RSA key without an exponent"] = (() => With(Rsa(2048), "e", ""), "must be an EC key"),
        ["a point of P-384 on P-256"] = (() => With(Point("P-384"), "crv", "P-256"), "must be an EC key"),
        ["a point without y"] = (() => With(Point(), "y", ""), "must be an EC key"),
        ["an RSA key for a curve's alg"] = (() => With(Rsa(2048), "alg", "ES256"), "has an alg that does not go with the key"),
        ["a use that is no text"] = (() => new JsonObject { ["use"] = 1 }, "has a use other than sig"),
        ["an alg that is no text"] = (() => new JsonObject { ["alg"] = 1 }, "has an alg other than ES256, ES384, PS256, RS256"),
        ["a kid that is no text"] = (() => new JsonObject { ["kid"] = 1 }, "has a kid that is no text of 1 to 256 characters"),
        ["a kid that is too long"] = (() => With(Point(), "kid", new string('k', 257)), "has a kid that is no text of 1 to 256 characters"),
        ["another use"] = (() => With(Point(), "use", "enc"), "has a use other than sig"),
        ["another alg"] = (() => With(Point(), "alg", "HS256"), "has an alg other than ES256, ES384, PS256, RS256"),
        ["an alg of other keys"] = (() => With(Point(), "alg", "RS256"), "has an alg that does not go with the key"),
        ["an empty kid"] = (() => With(Point(), "kid", ""), "has a kid that is no text of 1 to 256 characters"),
    };

    public static TheoryData<string> Bad => [.. _bad.Keys];

    /// <summary>All bits set, but for the first and the last byte.</summary>
    private static string Number(int bytes, byte first = 0xFF, byte last = 0xFF) =>
        Base64Url.EncodeToString([first, .. Enumerable.Repeat((byte)0xFF, bytes - 2), last]);

    [Fact]
    public void A_key_of_the_least_and_of_the_most_that_is_permitted_is_taken() => Parse(
        With(Rsa(2048), "n", Number(256, first: 0x80)), With(Rsa(2048), "n", Number(512)), With(Point(), "kid", new string('k', 256)),
        With(Point(), "use", "sig"), With(Point(), "alg", "ES256"), With(Point("P-384"), "alg", "ES384"), With(Rsa(2048), "e", "Aw"),
        With(Rsa(2048), "e", "_____w"));

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void A_key_with_a_private_member_is_refused(string member) => Assert.Equal(
        "keys[0] is private or a shared secret: give the public half alone, and make a new pair",
        ClientKeys.Parse(Set(With(Rsa(2048), member, "AQAB"))).Problem);

    [Fact]
    public void A_key_verifies_what_was_signed_with_its_pair_by_the_algorithms_that_fit()
    {
        byte[] data = [1, 2, 3];
        using var rsa = RSA.Create(2048);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var (modulus, point) = (rsa.ExportParameters(includePrivateParameters: false), p384.ExportParameters(false).Q);
        var keys = Parse(
            new JsonObject
            {
                ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(modulus.Modulus), ["e"] = Base64Url.EncodeToString(modulus.Exponent),
            },
            new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-384", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
            }).Keys;
        var (pss, pkcs1) = (RSASignaturePadding.Pss, RSASignaturePadding.Pkcs1);

        Assert.True(keys[0].Verifies("PS256", data, rsa.SignData(data, HashAlgorithmName.SHA256, pss)));
        Assert.True(keys[0].Verifies("RS256", data, rsa.SignData(data, HashAlgorithmName.SHA256, pkcs1)));
        Assert.False(keys[0].Verifies("RS256", data, rsa.SignData(data, HashAlgorithmName.SHA256, pss)));
        Assert.False(keys[0].Verifies("ES256", data, rsa.SignData(data, HashAlgorithmName.SHA256, pkcs1)));
        Assert.True(keys[1].Verifies("ES384", data, p384.SignData(data, HashAlgorithmName.SHA384)));
        Assert.False(keys[1].Verifies("ES384", data, p384.SignData(data, HashAlgorithmName.SHA256)));
        Assert.False(keys[1].Verifies("ES256", data, p384.SignData(data, HashAlgorithmName.SHA384)));
        Assert.Equal((256, 96), (keys[0].SignatureBytes, keys[1].SignatureBytes));
        Assert.Equal(keys[1].Thumbprint, keys[1].ToString());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_key_is_refused_with_its_reason(string name)
    {
        var (key, problem) = _bad[name];

        var (keys, found) = ClientKeys.Parse(new JsonObject { ["keys"] = new JsonArray(Point(), key()) }.ToJsonString());

        Assert.Null(keys);
        Assert.StartsWith("keys[1] " + problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is not valid JSON")]
    [InlineData("""{"keys":[{"\ud800":1}]}""", "is not valid JSON")]
    [InlineData("[]", "must be an object with the list keys")]
    [InlineData("{}", "must be an object with the list keys")]
    [InlineData("""{"keys":{}}""", "must be an object with the list keys")]
    [InlineData("""{"keys":[1,2,3,4,5,6,7,8,9]}""", "must have 0 to 8 keys")]
    public void A_set_that_is_none_is_refused(string json, string problem) => Assert.Equal(problem, ClientKeys.Parse(json).Problem);

    [Fact]
    public void A_key_and_a_name_are_there_once()
    {
        var (one, other) = (Point(), Point());
        (one["kid"], other["kid"]) = ("same", "same");

        Assert.NotNull(ClientKeys.Parse(Set(one, other)).Problem);
        Assert.NotNull(ClientKeys.Parse(Set(one, With(one, "kid", "different"))).Problem);
    }

    private static ClientKeys Parse(params JsonObject[] keys)
    {
        var (read, problem) = ClientKeys.Parse(Set(keys));
        Assert.Null(problem);
        return read!;
    }

    private static string Set(params JsonObject[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) }.ToJsonString();

    private static JsonObject With(JsonObject key, string name, string value)
    {
        var changed = key.DeepClone().AsObject();
        changed[name] = value;
        return changed;
    }

    private static JsonObject Point(string curve = "P-256")
    {
        using var pair = ECDsa.Create(curve == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["crv"] = curve, ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static JsonObject Rsa(int bits)
    {
        using var pair = RSA.Create(bits);
        var modulus = pair.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(modulus.Modulus), ["e"] = Base64Url.EncodeToString(modulus.Exponent),
        };
    }
}
