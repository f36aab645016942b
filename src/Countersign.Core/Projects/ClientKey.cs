using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Core.Projects;

/// <summary>One public key of an API client: on the curves P-256 or P-384, or RSA.</summary>
public sealed class ClientKey
{
    public const string Es256 = "ES256";
    public const string Es384 = "ES384";
    public const string Ps256 = "PS256";
    public const string Rs256 = "RS256";

    /// <summary>Bits of an RSA key (RFC 7518, section 3.3).</summary>
    public const int MinRsaBits = 2048;

    /// <summary>Larger ones take long to check, and strangers may have them checked.</summary>
    public const int MaxRsaBits = 4096;

    /// <summary>Characters of a <c>kid</c>.</summary>
    public const int MaxIdCharacters = 256;

    private const string P256 = "P-256";
    private const string P384 = "P-384";

    private const string Rule = "must be an EC key on P-256 or P-384, or an RSA key of 2048 to 4096 bits";

    // RFC 7518, sections 6.2.2, 6.3.2 and 6.4: what a public key does not have.
    private static readonly string[] _private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private static readonly Lazy<ClientKey> _nobodysP256 = new(() => OfNobody(P256, ECCurve.NamedCurves.nistP256));
    private static readonly Lazy<ClientKey> _nobodysP384 = new(() => OfNobody(P384, ECCurve.NamedCurves.nistP384));

    private readonly string? _curve;
    private readonly ECParameters? _point;
    private readonly RSAParameters? _modulus;

    /// <param name="members">What makes the key, as RFC 7638 writes it.</param>
    private ClientKey(string? id, string? algorithm, string members)
    {
        (Id, Algorithm) = (id, algorithm);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{{{members}}}")));
        var named = (id is null ? "" : $",\"kid\":{JsonValue.Create(id).ToJsonString()}")
            + (algorithm is null ? "" : $",\"alg\":\"{algorithm}\"");
        Json = $"{{{members}{named}}}";
    }

    private ClientKey(string? id, string? algorithm, string members, string curve, ECParameters point) : this(id, algorithm, members) =>
        (_curve, _point) = (curve, point);

    private ClientKey(string? id, string? algorithm, string members, RSAParameters modulus) : this(id, algorithm, members) =>
        _modulus = modulus;

    /// <summary>All algorithms by which an assertion may be signed.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = [Es256, Es384, Ps256, Rs256];

    /// <summary>Its <c>kid</c>; null when it has none.</summary>
    public string? Id { get; }

    /// <summary>The only algorithm that it is for; null when it is for each that fits.</summary>
    public string? Algorithm { get; }

    /// <summary>Its SHA-256 (RFC 7638): the same key has the same, whatever it is called.</summary>
    public string Thumbprint { get; }

    /// <summary>The key as it is stored.</summary>
    public string Json { get; }

    /// <summary>May something signed by this algorithm be this key's?</summary>
    public bool Fits(string algorithm) => (Algorithm is null || Algorithm == algorithm) && algorithm switch
    {
        Es256 => _curve == P256,
        Es384 => _curve == P384,
        Ps256 or Rs256 => _modulus is not null,
        _ => false,
    };

    /// <summary>Bytes of a signature by this key (RFC 7518, sections 3.3 to 3.5).</summary>
    public int SignatureBytes => _point is { Q.X: { } x } ? 2 * x.Length : _modulus!.Value.Modulus!.Length;

    /// <summary>A key of nobody, by which such a signature could be made; null where it could be by none. Nothing is ever signed by
    /// it.</summary>
    public static ClientKey? OfNobody(string algorithm, int signatureBytes) => algorithm switch
    {
        Es256 when signatureBytes == _nobodysP256.Value.SignatureBytes => _nobodysP256.Value,
        Es384 when signatureBytes == _nobodysP384.Value.SignatureBytes => _nobodysP384.Value,
        Ps256 or Rs256 when signatureBytes is >= MinRsaBits / 8 and <= MaxRsaBits / 8 =>
            new ClientKey(null, null, "", new RSAParameters { Modulus = NumberOf(signatureBytes), Exponent = [1, 0, 1] }),
        _ => null,
    };

    /// <summary>Is this the signature of the data by this key? False for algorithms that it is not for.</summary>
    public bool Verifies(string algorithm, byte[] data, byte[] signature)
    {
        if (!Fits(algorithm))
        {
            return false;
        }
        if (_point is { } point)
        {
            using var ecdsa = ECDsa.Create(point);
            var hash = algorithm == Es256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;
            return ecdsa.VerifyData(data, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        using var rsa = RSA.Create(_modulus!.Value);
        return rsa.VerifyData(
            data, signature, HashAlgorithmName.SHA256, algorithm == Ps256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    /// <summary>Reads a JSON Web Key, or says what is wrong with it.</summary>
    public static (ClientKey? Key, string? Problem) Parse(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object)
        {
            return (null, "must be an object");
        }
        if (_private.Any(name => key.TryGetProperty(name, out _)))
        {
            return (null, "is private or a shared secret: give the public half alone, and make a new pair");
        }
        var (id, isId) = Text(key, "kid");
        var (use, isUse) = Text(key, "use");
        var (algorithm, isAlgorithm) = Text(key, "alg");
        if (!isId || id is { Length: 0 or > MaxIdCharacters })
        {
            return (null, $"has a kid that is no text of 1 to {MaxIdCharacters} characters");
        }
        if (!isUse || use is not (null or "sig"))
        {
            return (null, "has a use other than sig");
        }
        if (!isAlgorithm || (algorithm is not null && !Algorithms.Contains(algorithm, StringComparer.Ordinal)))
        {
            return (null, $"has an alg other than {string.Join(", ", Algorithms)}");
        }
        var made = Text(key, "kty").Value switch
        {
            "EC" => OfCurve(key, id, algorithm),
            "RSA" => OfRsa(key, id, algorithm),
            _ => null,
        };
        return made is null ? (null, Rule)
            : algorithm is not null && !made.Fits(algorithm) ? (null, "has an alg that does not go with the key")
            : (made, null);
    }

    public override string ToString() => Thumbprint;

    private static ClientKey? OfCurve(JsonElement key, string? id, string? algorithm)
    {
        var (name, curve, size) = Text(key, "crv").Value switch
        {
            P256 => (P256, ECCurve.NamedCurves.nistP256, 32),
            P384 => (P384, ECCurve.NamedCurves.nistP384, 48),
            _ => ("", default, 0),
        };
        if (size == 0 || Bytes(key, "x") is not { } x || Bytes(key, "y") is not { } y || x.Length != size || y.Length != size)
        {
            return null;
        }
        var point = new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } };
        // RFC 7638, section 3.2: these members, in this order.
        var members = $"\"crv\":\"{name}\",\"kty\":\"EC\",\"x\":\"{Base64Url.EncodeToString(x)}\",\"y\":\"{Base64Url.EncodeToString(y)}\"";
        return CanBeUsed(() => ECDsa.Create(point)) ? new ClientKey(id, algorithm, members, name, point) : null;
    }

    private static ClientKey? OfRsa(JsonElement key, string? id, string? algorithm)
    {
        if (Bytes(key, "n") is not { Length: > 0 } n || n[0] == 0 || Bytes(key, "e") is not { Length: > 0 and <= 4 } e || e[0] == 0)
        {
            return null;
        }
        var bits = (n.Length * 8) - (int.LeadingZeroCount(n[0]) - 24);
        // An even modulus or exponent, or the exponent 1, is no key: with the last anybody signs.
        if (bits is < MinRsaBits or > MaxRsaBits || n[^1] % 2 == 0 || e[^1] % 2 == 0 || e is [1])
        {
            return null;
        }
        var modulus = new RSAParameters { Modulus = n, Exponent = e };
        var members = $"\"e\":\"{Base64Url.EncodeToString(e)}\",\"kty\":\"RSA\",\"n\":\"{Base64Url.EncodeToString(n)}\"";
        return CanBeUsed(() => RSA.Create(modulus)) ? new ClientKey(id, algorithm, members, modulus) : null;
    }

    private static ClientKey OfNobody(string name, ECCurve curve)
    {
        using var made = ECDsa.Create(curve);
        return new ClientKey(null, null, "", name, made.ExportParameters(includePrivateParameters: false));
    }

    // Odd, and with as many bits as bytes can hold; that it has no factors known takes as long to check.
    private static byte[] NumberOf(int bytes)
    {
        var number = new byte[bytes];
        Array.Fill(number, byte.MaxValue);
        return number;
    }

    // A point beside its curve, say.
    private static bool CanBeUsed(Func<AsymmetricAlgorithm> open)
    {
        try
        {
            using (open())
            {
                return true;
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static (string? Value, bool IsTextOrAbsent) Text(JsonElement key, string name) =>
        !key.TryGetProperty(name, out var value) ? (null, true)
        : JsonTexts.Read(value) is { } text ? (text, true)
        : (null, false);

    private static byte[]? Bytes(JsonElement key, string name) => Text(key, name).Value is { } text ? JsonTexts.ReadBytes(text) : null;
}
