using System.Security.Cryptography;
using Countersign.Core.Devices;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// Signatures of devices over a whole call, version 3 of the protocol: method, path, query, media type, a challenge of ours and the hash of
/// the body. No step demands one but unregistering; one that is there must be right.
/// </summary>
internal sealed class RequestSignatures(DeviceChallenges challenges, IDeviceStore devices)
{
    private const string Version = "3";

    /// <summary>True when the call says that it is signed, whole or in part.</summary>
    public static bool IsOn(HttpRequest request) => Array.Exists(HeaderNames, request.Headers.ContainsKey);

    /// <summary>The device that has signed the call, revoked or not; null when none has.</summary>
    public async Task<Device?> FindSignerAsync(HttpContext context, byte[] body)
    {
        var request = context.Request;
        return request.Headers["PA-Sig-Version"] == Version
            && request.Headers["PA-Challenge"] is [{ Length: > 0 } challenge]
            && request.Headers["PA-KID"] is [{ Length: > 0 } keyId]
            && request.Headers["PA-Signature"] is [{ Length: > 0 } signature]
            && challenges.DeviceOf(challenge) is { } id
            && await devices.FindAsync(id, context.RequestAborted) is { } device
            && device.KeyId == keyId
            && device.PublicKey is { } spki
            && DevicePublicKey.FromSpki(spki) is { } key
            && key.IsSigner(TextOf(request, challenge, body), signature)
                ? device
                : null;
    }

    private static string[] HeaderNames { get; } = ["PA-Sig-Version", "PA-Challenge", "PA-KID", "PA-Signature"];

    private static string TextOf(HttpRequest request, string challenge, byte[] body) => string.Join(
        '\n',
        request.Method,
        request.Path.Value,
        request.QueryString is { HasValue: true, Value: var query } ? query[1..] : "",
        "application/json",
        challenge,
        Convert.ToHexStringLower(SHA256.HashData(body)));
}
