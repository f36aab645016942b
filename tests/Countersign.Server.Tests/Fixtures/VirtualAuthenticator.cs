using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>
/// A browser and its authenticator with one passkey, after WebAuthn's description. What it says can be changed before it signs, so that an
/// answer is wrong in one thing and right in all others.
/// </summary>
internal sealed class VirtualAuthenticator(string origin, bool isRsa = false) : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte AttestedData = 0x40;

    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA? _rsa = isRsa ? RSA.Create(2048) : null;
    private string? _userHandle;

    /// <summary>User present and verified.</summary>
    public byte Flags { get; set; } = UserPresent | 0x04;

    /// <summary>Of the next answer; authenticators that count raise it themselves.</summary>
    public uint Counter { get; set; } = 1;

    public string Origin { get; set; } = origin;

    /// <summary>The domain it signs for, when it is not the one it was asked for.</summary>
    public string? RelyingPartyId { get; set; }

    /// <summary>What it claims to have done, when that is not what it did.</summary>
    public string? Type { get; set; }

    /// <summary>Further members of the client data.</summary>
    public JsonObject ClientData { get; set; } = [];

    public Func<byte[], byte[]> Challenge { get; set; } = challenge => challenge;

    public Func<byte[], byte[]> PublicKey { get; set; } = key => key;

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>What <c>navigator.credentials.create</c> gives, as published browser SDKs send it.</summary>
    public JsonObject Create(string optionsJson)
    {
        var options = JsonNode.Parse(optionsJson)!;
        _userHandle = Text(options["user"]!["id"]);
        var data = AuthenticatorData(
            RelyingPartyId ?? Text(options["rp"]!["id"]), AttestedData,
            [.. new byte[16], .. Length(CredentialId), .. CredentialId, .. PublicKey(CoseKey())]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        byte[] attestation = [0xA3, .. CborText("fmt"), .. CborText("none"), .. CborText("attStmt"), 0xA0, .. CborText("authData"),
            .. CborBytes(data)];
        return Credential(new JsonObject
        {
            ["attestationObject"] = Encode(attestation),
            ["clientDataJSON"] = Encode(ClientDataJson("webauthn.create", options)),
        });
    }

    /// <summary>What <c>navigator.credentials.get</c> gives, as published browser SDKs send it.</summary>
    public JsonObject Get(string optionsJson)
    {
        var options = JsonNode.Parse(optionsJson)!;
        var data = AuthenticatorData(RelyingPartyId ?? Text(options["rpId"]), 0, []);
        var client = ClientDataJson("webauthn.get", options);
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        var signature = _rsa?.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ?? _ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new JsonObject
        {
            ["authenticatorData"] = Encode(data),
            ["clientDataJSON"] = Encode(client),
            ["signature"] = Encode(signature),
            ["userHandle"] = _userHandle,
        });
    }

    public void Dispose()
    {
        _ec.Dispose();
        _rsa?.Dispose();
    }

    private JsonObject Credential(JsonObject response) => new()
    {
        ["type"] = "public-key",
        ["id"] = Encode(CredentialId),
        ["rawId"] = Encode(CredentialId),
        ["response"] = response,
    };

    private byte[] ClientDataJson(string type, JsonNode options)
    {
        var data = ClientData.DeepClone().AsObject();
        data["type"] = Type ?? type;
        data["challenge"] = Encode(Challenge(System.Buffers.Text.Base64Url.DecodeFromChars(Text(options["challenge"]))));
        data["origin"] = Origin;
        return Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    private byte[] AuthenticatorData(string relyingPartyId, byte furtherFlags, byte[] attested)
    {
        var counter = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(relyingPartyId)), (byte)(Flags | furtherFlags), .. counter, .. attested];
    }

    private byte[] CoseKey()
    {
        if (_rsa is not null)
        {
            // {1: 3 (RSA), 3: -257 (RS256), -1: n, -2: e}
            var rsa = _rsa.ExportParameters(includePrivateParameters: false);
            return [0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20, .. CborBytes(rsa.Modulus!), 0x21, .. CborBytes(rsa.Exponent!)];
        }
        // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        var point = _ec.ExportParameters(includePrivateParameters: false).Q;
        return [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. CborBytes(point.X!), 0x22, .. CborBytes(point.Y!)];
    }

    private static byte[] CborText(string text) => [(byte)(0x60 + text.Length), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] CborBytes(byte[] bytes) => bytes.Length switch
    {
        < 24 => [(byte)(0x40 + bytes.Length), .. bytes],
        < 256 => [0x58, (byte)bytes.Length, .. bytes],
        _ => [0x59, .. Length(bytes), .. bytes],
    };

    private static byte[] Length(byte[] bytes) => [(byte)(bytes.Length >> 8), (byte)bytes.Length];

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
