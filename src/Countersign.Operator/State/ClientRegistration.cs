using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.State;

/// <summary>Makes a <see cref="Client"/> of what was configured or registered; says in a sentence what is wrong with it.</summary>
internal static class ClientRegistration
{
    public const int MaxIdLength = 200;

    /// <summary>The client, or the problem.</summary>
    public static (Client? Client, string Problem) Make(
        string? id, IReadOnlyList<string> redirectUris, string? jwk, string? pem, string? jwksUri)
    {
        if (string.IsNullOrWhiteSpace(id) || id.Length > MaxIdLength)
        {
            return (null, $"client_id is missing or longer than {MaxIdLength} characters");
        }
        foreach (var uri in redirectUris)
        {
            if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")
                || uri.Contains('#', StringComparison.Ordinal))
            {
                return (null, "redirect_uris must be absolute http or https addresses without a fragment");
            }
        }
        if (new[] { jwk, pem, jwksUri }.Count(value => value is not null) != 1)
        {
            return (null, "give the client's public key once: as jwk, as pem or by jwks_uri");
        }
        var (key, problem) = jwk is not null ? OfJwk(jwk) : pem is not null ? OfPem(pem) : OfUri(jwksUri!);
        return key is null ? (null, problem) : (new Client(id, [.. redirectUris], key), "");
    }

    private static (ClientKey? Key, string Problem) OfJwk(string json)
    {
        JsonWebKey key;
        try
        {
            key = new JsonWebKey(json);
        }
        catch (Exception malformed) when (malformed is ArgumentException or JsonException)
        {
            return (null, "jwk is not a JSON Web Key");
        }
        if (key.HasPrivateKey)
        {
            return (null, "jwk holds a private key; register the public one and replace the key pair, for its secret has travelled");
        }
        if (key.Kty is not ("EC" or "RSA") || (key.Kty == "EC" ? key.X is null || key.Y is null : key.N is null || key.E is null))
        {
            return (null, "jwk must be a whole public key of kty EC or RSA");
        }
        return (new ClientKey.Held(key, "jwk"), "");
    }

    private static (ClientKey? Key, string Problem) OfPem(string pem)
    {
        if (!pem.Contains("BEGIN PUBLIC KEY", StringComparison.Ordinal))
        {
            return (null, "pem must be a public key that begins with -----BEGIN PUBLIC KEY-----");
        }
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            return (new ClientKey.Held(new ECDsaSecurityKey(ec), "pem"), "");
        }
        catch (Exception notEc) when (notEc is CryptographicException or ArgumentException)
        {
            ec.Dispose();
        }
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            return (new ClientKey.Held(new RsaSecurityKey(rsa), "pem"), "");
        }
        catch (Exception notRsa) when (notRsa is CryptographicException or ArgumentException)
        {
            rsa.Dispose();
            return (null, "pem is no public key of an elliptic curve or of RSA");
        }
    }

    private static (ClientKey? Key, string Problem) OfUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? (new ClientKey.Published(uri), "")
            : (null, "jwks_uri must be an absolute http or https address");
}
