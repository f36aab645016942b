using System.Security.Cryptography;

namespace Countersign.Core;

/// <summary>The keyed hash of a <see cref="Secret"/>: all that is ever stored of it.</summary>
/// <param name="Hex">64 lower-case hex digits.</param>
public readonly record struct SecretHash(string Hex)
{
    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Matches(SecretHash other) =>
        CryptographicOperations.FixedTimeEquals(ToBytes(), other.ToBytes());

    /// <summary>Tells two secrets of one client apart in public: 16 hex digits of a hash of this hash.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(ToBytes()))[..16];

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => "***";
}
