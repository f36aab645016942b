using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>The key that a browser keeps, used as published SDKs use it.</summary>
internal sealed class DeviceKey
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _id = Guid.NewGuid().ToString();

    /// <summary>Given by the server.</summary>
    public string DeviceId { get; set; } = "";

    public JsonObject Registration(string authToken) => new()
    {
        ["deviceName"] = "Chrome",
        ["deviceCapabilities"] = new JsonArray("webauthn"),
        ["registrations"] = new JsonArray(new JsonObject
        {
            ["publicKey"] = new JsonObject { ["id"] = _id, ["alg"] = "ES256", ["key"] = Pem(), ["uvLevel"] = 0 },
            ["signature"] = Sign(ChallengeOf(authToken)),
        }),
        ["signals"] = new JsonObject(),
    };

    public JsonObject Proof(string authToken) => new()
    {
        ["deviceId"] = DeviceId,
        ["keyId"] = _id,
        ["signature"] = Sign($"{DeviceId}:{ChallengeOf(authToken)}"),
        ["signals"] = new JsonObject(),
    };

    private string Pem() =>
        $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo())}\n-----END PUBLIC KEY-----";

    private string Sign(string text) => Convert.ToBase64String(
        _key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static string ChallengeOf(string authToken) =>
        (string)JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(authToken.Split('.')[1]))!["auth"]!["chlg"]!;
}
