using System.Security.Cryptography;

namespace Countersign.Core.Events;

/// <summary>What a webhook's deliveries are signed with: bytes, which people see as <c>whsec_</c> and their base64.</summary>
public sealed class WebhookSecret
{
    public const string Prefix = "whsec_";

    // Standard Webhooks: between 24 and 64 bytes.
    private const int Size = 32;
    private const int MinSize = 24;
    private const int MaxSize = 64;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Reads what <see cref="Reveal"/> has written.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static WebhookSecret Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || Convert.FromBase64String(text[Prefix.Length..]) is not { Length: >= MinSize and <= MaxSize } key)
        {
            throw new FormatException("Not a secret of a webhook: whsec_ and the base64 of 24 to 64 bytes.");
        }
        return new WebhookSecret(key);
    }

    /// <summary>For the store, and for the one answer that shows it.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <summary>Tells two apart and opens nothing: sixteen hex digits.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(_key))[..16];

    /// <summary>HMAC-SHA256.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content) => HMACSHA256.HashData(_key, content);

    public override string ToString() => "***";
}
