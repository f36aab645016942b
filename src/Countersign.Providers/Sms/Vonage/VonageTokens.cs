using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms.Vonage;

/// <summary>
/// The two JSON Web Tokens of Vonage's Messages API: ours (RS256, by the application's private key) with each submission, and theirs
/// (HS256, by the account's signature secret) with each request to us. Written out here because a signature secret may be shorter than the
/// 128 bits that token libraries demand of an HMAC key.
/// </summary>
internal sealed class VonageTokens(VonageOptions options) : IDisposable
{
    /// <summary>How old a request of Vonage's may be, so that what was listened to is of no use later.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(5);

    private readonly RSA _key = options.LoadKey();

    public string Issue(DateTimeOffset now)
    {
        var (from, to) = (now.ToUnixTimeSeconds(), (now + _lifetime).ToUnixTimeSeconds());
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var payload = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"application_id":"{{options.ApplicationId}}","iat":{{from}},"nbf":{{from}},"exp":{{to}},"jti":"{{id}}"}""");
        var signed = $"{Encode("""{"typ":"JWT","alg":"RS256"}"""u8)}.{Encode(Encoding.ASCII.GetBytes(payload))}";
        return $"{signed}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>Whether a request is signed by Vonage, made just now, and has the body it was signed for.</summary>
    /// <param name="authorization">The header of that name.</param>
    public bool IsGenuine(string? authorization, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (PartsOf(authorization) is not [var header, var payload, var signature]
            || Decode(header) is not { } head || head.Word("alg") != "HS256"
            || !IsSigned($"{header}.{payload}", signature)
            || Decode(payload) is not { } claims)
        {
            return false;
        }
        return IsFresh(claims, now)
            && claims.Word("payload_hash") is { } hash
            && Signature.AreEqual(hash.ToLowerInvariant(), Convert.ToHexStringLower(SHA256.HashData(body)));
    }

    /// <summary>What a genuine request's token says, its signature aside: when and for which body it was made.</summary>
    public static SignedContent WhatIsSigned(string? authorization) =>
        new(new Secret(PartsOf(authorization) is [var header, var payload, _] ? $"{header}.{payload}" : ""), HasTime: true);

    public void Dispose() => _key.Dispose();

    // One reading for both: a request that is genuine in two writings must not be two requests.
    private static string[]? PartsOf(string? authorization)
    {
        const string scheme = "Bearer ";
        return authorization is not null && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? authorization[scheme.Length..].Trim().Split('.')
            : null;
    }

    private static bool IsFresh(JsonElement claims, DateTimeOffset now) =>
        claims.LongNumber("iat") is { } issued && Math.Abs((decimal)now.ToUnixTimeSeconds() - issued) <= (decimal)Tolerance.TotalSeconds;

    private bool IsSigned(string signed, string signature)
    {
        var isSigned = false;
        foreach (var secret in options.SignatureSecrets)
        {
            isSigned |= Signature.AreEqual(
                signature, Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed))));
        }
        return isSigned;
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static JsonElement? Decode(string part)
    {
        try
        {
            return ProviderJson.Parse(Base64Url.DecodeFromChars(part));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
