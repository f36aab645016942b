using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Devices;

namespace Countersign.Core.Tests.Devices;

public sealed class DevicePublicKeyTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private byte[] Spki => _key.ExportSubjectPublicKeyInfo();

    private string Signature =>
        Convert.ToBase64String(_key.SignData("text"u8, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public void Dispose() => _key.Dispose();

    [Fact]
    public void A_key_is_read_from_PEM_on_one_line_and_on_many()
    {
        var oneLine = $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(Spki)}\n-----END PUBLIC KEY-----";

        Assert.Equal(Spki, DevicePublicKey.FromPem(oneLine)!.Spki);
        Assert.Equal(Spki, DevicePublicKey.FromPem(_key.ExportSubjectPublicKeyInfoPem())!.Spki);
        Assert.Equal(Spki, DevicePublicKey.FromPem("\r\n" + oneLine + "\r\n")!.Spki);
    }

    [Fact]
    public void A_key_with_any_byte_of_its_form_altered_is_no_key()
    {
        const int form = 27;
        foreach (var at in Enumerable.Range(0, form))
        {
            var altered = Spki;
            altered[at] ^= 1;

            Assert.Null(DevicePublicKey.FromSpki(altered));
        }
        Assert.Null(DevicePublicKey.FromSpki([.. Spki, 0]));
        Assert.Null(DevicePublicKey.FromSpki(Spki[..^1]));
        Assert.Null(DevicePublicKey.FromSpki([]));
    }

    [Fact]
    public void A_point_off_the_curve_is_no_key()
    {
        var altered = Spki;
        altered[^1] ^= 1;

        Assert.Null(DevicePublicKey.FromSpki(altered));
        Assert.Null(DevicePublicKey.FromSpki([.. Spki[..27], .. new byte[64]]));
    }

    [Theory]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    public void A_key_on_another_curve_is_no_key(string curve)
    {
        using var other = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        Assert.Null(DevicePublicKey.FromSpki(other.ExportSubjectPublicKeyInfo()));
        Assert.Null(DevicePublicKey.FromPem(other.ExportSubjectPublicKeyInfoPem()));
    }

    [Fact]
    public void A_key_whose_curve_is_described_in_full_is_no_key()
    {
        using var described = ECDsa.Create(_key.ExportExplicitParameters(includePrivateParameters: false));

        Assert.Null(DevicePublicKey.FromSpki(described.ExportSubjectPublicKeyInfo()));
    }

    [Fact]
    public void What_is_not_one_public_key_in_PEM_is_no_key()
    {
        var pem = _key.ExportSubjectPublicKeyInfoPem();

        Assert.Null(DevicePublicKey.FromPem(""));
        Assert.Null(DevicePublicKey.FromPem(Convert.ToBase64String(Spki)));
        Assert.Null(DevicePublicKey.FromPem(pem + "\n" + pem));
        Assert.Null(DevicePublicKey.FromPem("key: " + pem));
        Assert.Null(DevicePublicKey.FromPem(_key.ExportPkcs8PrivateKeyPem()));
        Assert.Null(DevicePublicKey.FromPem(pem.Replace("PUBLIC KEY", "EC PUBLIC KEY", StringComparison.Ordinal)));
        Assert.Null(DevicePublicKey.FromPem(pem.Replace("==", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_signature_is_over_its_text_alone_in_DER_and_in_base64_to_the_letter()
    {
        var key = DevicePublicKey.FromSpki(Spki)!;
        var raw = Convert.ToBase64String(_key.SignData("text"u8, HashAlgorithmName.SHA256));

        Assert.True(key.IsSigner("text", Signature));
        Assert.False(key.IsSigner("texts", Signature));
        Assert.False(key.IsSigner("text", raw));
        Assert.False(key.IsSigner("text", Signature + " "));
        Assert.False(key.IsSigner("text", Signature.TrimEnd('=') + "===="));
        Assert.False(key.IsSigner("text", ""));
        Assert.False(key.IsSigner("text", "not base64"));
    }

    [Fact]
    public void No_letter_of_a_signature_can_be_another()
    {
        var key = DevicePublicKey.FromSpki(Spki)!;
        var signature = Signature;

        foreach (var at in Enumerable.Range(0, signature.Length))
        {
            var altered = new StringBuilder(signature) { [at] = signature[at] == 'b' ? 'c' : 'b' };
            Assert.False(key.IsSigner("text", altered.ToString()));
        }
    }
}
