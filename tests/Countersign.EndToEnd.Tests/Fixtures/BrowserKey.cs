using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>The key that a browser keeps, used as published SDKs use it.</summary>
internal sealed class BrowserKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _id = Guid.NewGuid().ToString();

    /// <summary>Given by the server; empty until the key is registered.</summary>
    public string DeviceId { get; private set; } = "";

    public async Task<Reply> RegisterAsync(PersonsBrowser flow)
    {
        var pem = $"-----BEGIN PUBLIC KEY-----\n{Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo())}\n-----END PUBLIC KEY-----";
        var answer = await flow.PostAsync("device/passive/register", new JsonObject
        {
            ["deviceName"] = "Chrome",
            ["registrations"] = new JsonArray(new JsonObject
            {
                ["publicKey"] = new JsonObject { ["id"] = _id, ["alg"] = "ES256", ["key"] = pem, ["uvLevel"] = 0 },
                ["signature"] = Sign(flow.Challenge),
            }),
        });
        DeviceId = (string?)answer.Json!["data"]?["deviceId"] ?? "";
        return answer;
    }

    /// <param name="challenge">Null for the flow's own.</param>
    /// <param name="device">Null for this key's own.</param>
    public Task<Reply> ProveAsync(PersonsBrowser flow, string? challenge = null, string? device = null) =>
        flow.PostAsync("device/passive/verify", new JsonObject
        {
            ["deviceId"] = device ?? DeviceId, ["keyId"] = _id, ["signature"] = Sign($"{device ?? DeviceId}:{challenge ?? flow.Challenge}"),
        });

    public void Dispose() => _key.Dispose();

    private string Sign(string text) => Convert.ToBase64String(
        _key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
}
