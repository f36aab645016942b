using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Keys;

/// <summary>Hashes secrets with a key that is not in the database, so that a stolen database tells nothing, not even four digits.</summary>
/// <param name="key">32 bytes.</param>
public sealed class SecretHasher(byte[] key)
{
    /// <summary>A six-digit code is one of a million: the flow's id in the hash makes equal codes of two flows look different.</summary>
    public SecretHash Hash(CorrelationId flow, string purpose, Secret secret) => Hash($"{purpose}:{flow}", secret);

    /// <summary>For secrets that are looked up by their hash, or that belong to no flow.</summary>
    public SecretHash Hash(string purpose, Secret secret)
    {
        var text = Encoding.UTF8.GetBytes($"{purpose}\0{secret.Reveal()}");
        return new SecretHash(Convert.ToHexStringLower(HMACSHA256.HashData(key, text)));
    }
}
