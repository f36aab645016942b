using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Providers.Camara;

/// <summary>A public key with which an operator signs.</summary>
/// <param name="Name">Its <c>kid</c>; null for a key without one.</param>
/// <param name="Algorithm">The only algorithm that it is for; null when it does not say.</param>
internal sealed record PublishedKey(string? Name, string? Algorithm, SecurityKey Key)
{
    private const string ForSignatures = "sig";

    /// <summary>The keys of a JSON Web Key Set that are for signatures and can be used; shared secrets and private keys are none.</summary>
    /// <exception cref="ArgumentException">It is no JSON Web Key Set.</exception>
    public static IReadOnlyList<PublishedKey> ReadAll(string keySet) =>
    [
        .. new JsonWebKeySet(keySet).Keys
            .Where(key => key.Use is null or "" or ForSignatures)
            .SelectMany(key => Read(key).Select(usable => new PublishedKey(NullIfEmpty(key.Kid), NullIfEmpty(key.Alg), usable))),
    ];

    /// <summary>
    /// Those that may have signed a token: by the name in it; where it names none, or the key of its name is published without one, by type and algorithm
    /// (OpenID Connect Core 10.1: a name is needed only where several keys are published).
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
        SecurityAlgorithms.RsaSha256 or SecurityAlgorithms.RsaSsaPssSha256 => Key is RsaSecurityKey or X509SecurityKey { PublicKey: System.Security.Cryptography.RSA },
        _ => false,
    };

    private static IEnumerable<SecurityKey> Read(JsonWebKey key)
    {
        var alone = new JsonWebKeySet();
        alone.Keys.Add(key);
        return alone.GetSigningKeys();
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    public override string ToString() => nameof(PublishedKey);
}
