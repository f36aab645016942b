using System.Numerics;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Camara;

/// <summary>A public key with which an operator signs.</summary>
/// <param name="Name">Its <c>kid</c>; null for a key without one.</param>
/// <param name="Algorithm">The only algorithm that it is for; null when it does not say.</param>
internal sealed record PublishedKey(string? Name, string? Algorithm, SecurityKey Key)
{
    private const string ForSignatures = "sig";
    private const string ToVerify = "verify";

    // What this server asks of its own key, too.
    private const int MinRsaBits = 2048;

    /// <summary>
    /// The keys of a JSON Web Key Set that are for signatures and can be used. Shared secrets are none, nor is a private key: whoever reads
    /// the list could sign with it.
    /// </summary>
    /// <exception cref="ArgumentException">It is no JSON Web Key Set.</exception>
    public static IReadOnlyList<PublishedKey> ReadAll(string keySet) =>
    [
        .. new JsonWebKeySet(keySet).Keys
            .Where(key => IsForSignatures(key) && !IsSecret(key))
            .SelectMany(key => Read(key).Select(usable => new PublishedKey(NullIfEmpty(key.Kid), NullIfEmpty(key.Alg), usable))),
    ];

    /// <summary>
    /// Those that may have signed a token: by the name in it; where it names none, or the key of its name is published without one, by type
    /// and algorithm (OpenID Connect Core 10.1: a name is needed only where several keys are published).
    /// </summary>
    /// <param name="name">The token's <c>kid</c>; null or empty when it has none.</param>
    /// <param name="algorithm">The token's <c>alg</c>.</param>
    public static IEnumerable<SecurityKey> Candidates(IReadOnlyList<PublishedKey> all, string? name, string algorithm)
    {
        var named = all.Where(key => key.Name == name).ToArray();
        var eligible = string.IsNullOrEmpty(name) ? all : named.Length > 0 ? named : all.Where(key => key.Name is null);
        return eligible.Where(key => key.Fits(algorithm)).Select(key => key.Key);
    }

    // RFC 8725, 3.1: the key says which algorithms there are, never the token alone.
    private bool Fits(string algorithm) => (Algorithm is null || Algorithm == algorithm) && algorithm switch
    {
        SecurityAlgorithms.EcdsaSha256 => Key is ECDsaSecurityKey { KeySize: 256 },
        SecurityAlgorithms.EcdsaSha384 => Key is ECDsaSecurityKey { KeySize: 384 },
        SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.RsaSsaPssSha256 => RsaBits >= MinRsaBits,
        _ => false,
    };

    // Counted from the first bit that is set: the library counts a modulus that is filled up with zeros as a longer one.
    private long RsaBits => Key switch
    {
        RsaSecurityKey { Parameters.Modulus: { } modulus } => new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength(),
        X509SecurityKey { PublicKey: RSA rsa } => rsa.KeySize,
        _ => 0,
    };

    // RFC 7517, 4.2 and 4.3: each says what a key is for, where it is there.
    private static bool IsForSignatures(JsonWebKey key) =>
        (key.Use is null or "" or ForSignatures) && (key.KeyOps.Count == 0 || key.KeyOps.Contains(ToVerify));

    // Any one member is enough: the library calls an RSA key private only when all are there (RFC 7518, 6.2.2, 6.3.2 and 6.4.1).
    private static bool IsSecret(JsonWebKey key) =>
        Array.Exists([key.D, key.P, key.Q, key.DP, key.DQ, key.QI, key.K], member => member is not null) || key.Oth.Count > 0;

    private static IEnumerable<SecurityKey> Read(JsonWebKey key)
    {
        var alone = new JsonWebKeySet();
        alone.Keys.Add(key);
        return alone.GetSigningKeys();
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public override string ToString() => nameof(PublishedKey);
}
