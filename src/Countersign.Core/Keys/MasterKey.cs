using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Keys;

/// <summary>The one key of an installation (<c>Countersign:EncryptionKey</c>), and those derived from it, one for each purpose.</summary>
public sealed class MasterKey(byte[] key)
{
    public const int Size = 32;

    public Sealer CreateSealer() => new(Derive("seal"));

    public SecretHasher CreateHasher() => new(Derive("hash"));

    /// <summary>For what a device signs when it calls by itself.</summary>
    public byte[] DeriveDeviceChallengeKey() => Derive("device-challenge");

    /// <summary>For the tokens in the addresses to which gateways send receipts.</summary>
    public byte[] DeriveReceiptTokenKey() => Derive("receipt-token");

    /// <summary>For what a browser carries between this server and an operator.</summary>
    public Sealer CreateOperatorSealer() => new(Derive("operator"));

    private byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Size, info: Encoding.UTF8.GetBytes("countersign:" + purpose));

    public override string ToString() => "***";
}
