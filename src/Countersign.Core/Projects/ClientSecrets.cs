using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Core.Projects;

/// <summary>Secrets of API clients.</summary>
public static class ClientSecrets
{
    /// <summary>By this prefix scanners of repositories know what has leaked.</summary>
    public const string Prefix = "cs_sk_";

    private const string HashPurpose = "client-secret";

    /// <summary>256 bits of chance: too many to try, so a fast keyed hash is enough.</summary>
    public static (Secret Secret, SecretHash Hash) New(SecretHasher hasher)
    {
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new Secret(secret), HashOf(hasher, secret));
    }

    /// <summary>Hash under which a client's secret is stored.</summary>
    public static SecretHash HashOf(SecretHasher hasher, string clientSecret) => hasher.Hash(HashPurpose, new Secret(clientSecret));
}
