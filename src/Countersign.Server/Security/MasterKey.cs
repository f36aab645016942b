using System.Security.Cryptography;
using System.Text;
using Countersign.Core;

namespace Countersign.Server.Security;

/// <summary>The one key of an installation (<c>Countersign:EncryptionKey</c>), and those derived from it, one for each purpose.</summary>
internal sealed class MasterKey(byte[] key)
{
    public const int Size = 32;

    public Sealer CreateSealer() => new(Derive("seal"));

    public SecretHasher CreateHasher() => new(Derive("hash"));

    public DeviceChallenges CreateDeviceChallenges(TimeProvider time) => new(Derive("device-challenge"), time);

    public ReceiptTokens CreateReceiptTokens() => new(Derive("receipt-token"));
    /// <summary>For what a browser carries between this server and an operator.</summary>
    public Sealer CreateOperatorSealer() => new(Derive("operator"));

    private byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, Size, info: Encoding.UTF8.GetBytes("countersign:" + purpose));

    public override string ToString() => "***";
}
