using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Camara;

/// <summary>The key pair by which an operator knows this server.</summary>
internal sealed class OperatorKey
{
    // secp256k1 and others are of 256 bits too. (RFC 5480)
    private const string P256 = "1.2.840.10045.3.1.7";

    private OperatorKey(AsymmetricSecurityKey key, string algorithm, JsonWebKey published)
    {
        published.Kid = key.KeyId ??= Base64UrlEncoder.Encode(published.ComputeJwkThumbprint());
        Credentials = new SigningCredentials(key, algorithm)
        {
            // The library keeps what signs by a key's name, and names are the operators' choice: two of them may have the same.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
        PublicKeys = Publish(published, algorithm);
    }

    public SigningCredentials Credentials { get; }

    /// <summary>The public half as a JSON Web Key Set.</summary>
    public string PublicKeys { get; }

    /// <exception cref="CryptographicException">Not a key that can be used; the message says which can.</exception>
    public static OperatorKey Read(string pem, string? id)
    {
        var (elliptic, rsa) = (ECDsa.Create(), RSA.Create());
        if (TryImport(elliptic, pem))
        {
            rsa.Dispose();
            return elliptic.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256
                ? Of(elliptic, id)
                : throw new CryptographicException("its curve is not P-256");
        }
        elliptic.Dispose();
        if (TryImport(rsa, pem))
        {
            return rsa.KeySize >= 2048 ? Of(rsa, id) : throw new CryptographicException("it is an RSA key of less than 2048 bits");
        }
        rsa.Dispose();
        throw new CryptographicException("it is not a private key in PEM without a password");
    }

    /// <summary>A key that lives as long as this process.</summary>
    public static OperatorKey New() => Of(ECDsa.Create(ECCurve.NamedCurves.nistP256), id: null);

    public override string ToString() => "***";

    private static OperatorKey Of(ECDsa elliptic, string? id)
    {
        var key = new ECDsaSecurityKey(elliptic) { KeyId = id };
        var point = elliptic.ExportParameters(includePrivateParameters: false).Q;
        return new OperatorKey(key, SecurityAlgorithms.EcdsaSha256, new JsonWebKey
        {
            Kty = "EC", Crv = "P-256", X = Base64UrlEncoder.Encode(point.X), Y = Base64UrlEncoder.Encode(point.Y), KeyId = id,
        });
    }

    private static OperatorKey Of(RSA rsa, string? id)
    {
        var key = new RsaSecurityKey(rsa) { KeyId = id };
        var parts = rsa.ExportParameters(includePrivateParameters: false);
        return new OperatorKey(key, SecurityAlgorithms.RsaSha256, new JsonWebKey
        {
            Kty = "RSA", N = Base64UrlEncoder.Encode(parts.Modulus), E = Base64UrlEncoder.Encode(parts.Exponent), KeyId = id,
        });
    }

    private static bool TryImport(AsymmetricAlgorithm algorithm, string pem)
    {
        try
        {
            algorithm.ImportFromPem(pem);
            // A public key is read as well.
            algorithm.ExportPkcs8PrivateKey();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static string Publish(JsonWebKey key, string algorithm)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys");
            writer.WriteStartObject();
            writer.WriteString("kty", key.Kty);
            writer.WriteString("kid", key.Kid);
            writer.WriteString("use", "sig");
            writer.WriteString("alg", algorithm);
            foreach (var (name, value) in new[] { ("crv", key.Crv), ("x", key.X), ("y", key.Y), ("n", key.N), ("e", key.E) })
            {
                if (value is not null)
                {
                    writer.WriteString(name, value);
                }
            }
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
