using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>The key that a browser keeps, used as published SDKs use it.</summary>
public sealed class DeviceKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string KeyId { get; } = Guid.NewGuid().ToString();

    /// <summary>Given by the server; empty until the key is registered.</summary>
    public string DeviceId { get; private set; } = "";

    /// <summary>With the base64 on one line.</summary>
    public string Pem => PemOf(_key);

    public static string PemOf(AsymmetricAlgorithm key) =>
        $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}\n-----END PUBLIC KEY-----";

    public string Sign(string text) => SignatureOf(_key, text);

    public static string SignatureOf(ECDsa key, string text) =>
        Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public JsonObject Registration(Page page) => RegistrationOf(KeyId, Pem, Sign(page.Challenge));

    public static JsonObject RegistrationOf(string keyId, string pem, string signature) => new()
    {
        ["deviceName"] = "Chrome",
        ["deviceCapabilities"] = new JsonArray("webauthn"),
        ["registrations"] = new JsonArray(new JsonObject
        {
            ["publicKey"] = new JsonObject { ["id"] = keyId, ["alg"] = "ES256", ["key"] = pem, ["uvLevel"] = 0 },
            ["signature"] = signature,
        }),
        ["signals"] = new JsonObject(),
    };

    public JsonObject Proof(Page page) => new()
    {
        ["deviceId"] = DeviceId,
        ["keyId"] = KeyId,
        ["signature"] = Sign($"{DeviceId}:{page.Challenge}"),
        ["signals"] = new JsonObject(),
    };

    /// <param name="kind">passive or universal.</param>
    public async Task<JsonNode> RegisterAsync(Page page, string kind = "passive")
    {
        var answer = await page.Post($"device/{kind}/register", Registration(page).ToJsonString());
        DeviceId = (string?)answer["data"]?["deviceId"] ?? "";
        return answer;
    }

    /// <param name="kind">passive or universal.</param>
    public Task<JsonNode> ProveAsync(Page page, string kind = "passive") =>
        page.Post($"device/{kind}/verify", Proof(page).ToJsonString());

    /// <summary>The four headers of a signed call.</summary>
    public Dictionary<string, string> SignatureHeaders(string path, string body, string challenge) => new()
    {
        ["PA-Sig-Version"] = "3",
        ["PA-Challenge"] = challenge,
        ["PA-KID"] = KeyId,
        ["PA-Signature"] = Sign(
            $"POST\n/v1/client/{path}\n\napplication/json\n{challenge}\n"
                + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}"),
    };

    public void Dispose() => _key.Dispose();
}
