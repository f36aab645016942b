using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Receipts;
using Countersign.Core.Projects;

namespace Countersign.Cli.Attacks;

/// <summary>
/// A report that shows whether it was changed: a JWS by a key that is made for it and not kept, whose public half stands in it. Whose
/// report it is, the key's id says to whoever was told it in another way.
/// </summary>
internal static class SignedReport
{
    public static SignedKind Kind { get; } = new(
        "report", "cs-attack+jwt", "countersign-attack", "what countersign attack --signed has written", []) { Commits = false };

    /// <returns>The file's content, and the id of the key: RFC 7638's thumbprint.</returns>
    public static (JsonObject Signed, string KeyId) Sign(JsonObject report, DateTimeOffset at)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JwkOf(key);
        var id = ClientKey.Parse(JsonSerializer.SerializeToElement(jwk)).Key!.Thumbprint;
        jwk["kid"] = id;
        var claims = new JsonObject { ["aud"] = Kind.Audience, ["iat"] = at.ToUnixTimeSeconds() };
        foreach (var (name, value) in report)
        {
            claims[name] = value?.DeepClone();
        }
        var header = new JsonObject { ["alg"] = ClientKey.Es256, ["typ"] = Kind.Type, ["kid"] = id, ["jwk"] = jwk };
        var said = $"{Part(header)}.{Part(claims)}";
        var signature = Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(said), HashAlgorithmName.SHA256));
        return (new JsonObject { [Kind.Noun] = $"{said}.{signature}" }, id);
    }

    /// <summary>What a signed report says, with the id of the key that has signed it as it stands; or what is wrong with it.</summary>
    public static (JsonObject? Report, string? KeyId, string? Fault) Read(string signed)
    {
        if (ReceiptCheck.HeaderOf(signed)?["jwk"] is not JsonObject jwk
            || ClientKey.Parse(JsonSerializer.SerializeToElement(jwk)).Key is not { } key)
        {
            return (null, null, "It is no report: the key that has signed it does not stand in its first part.");
        }
        if (key.Id != key.Thumbprint)
        {
            return (null, null, "Its key is called otherwise than it is: it was changed.");
        }
        var (claims, fault) = ReceiptCheck.Signed(signed, Kind, [key]);
        // Anybody signs anything with a key of their own.
        return claims is null || AttackReport.IsOne(claims) ? (claims, key.Thumbprint, fault)
            : (null, key.Thumbprint, "What was signed has not the members of a report.");
    }

    private static JsonObject JwkOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static string Part(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
