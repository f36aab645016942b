using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Core.Possession;

/// <summary>The digits that a desktop shows and the phone must repeat, where a tap on the link is not enough.</summary>
public static class MatchDigits
{
    private const string Purpose = "match-digits";

    /// <summary>Six digits for the desktop to show, and their hash for the flow.</summary>
    public static (Secret Digits, SecretHash Hash) New(SecretHasher hasher, CorrelationId flow)
    {
        var digits = new Secret(RandomNumberGenerator.GetString("0123456789", 6));
        return (digits, HashOf(hasher, flow, digits));
    }

    /// <summary>Hash by which typed digits are compared.</summary>
    public static SecretHash HashOf(SecretHasher hasher, CorrelationId flow, Secret digits) => hasher.Hash(flow, Purpose, digits);
}
