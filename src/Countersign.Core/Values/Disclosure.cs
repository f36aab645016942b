using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Core;

/// <summary>
/// A value that a receipt commits to without saying it: a disclosure of SD-JWT (RFC 9901, section 4.2). The receipt has its digest; who
/// holds the disclosure shows the value, and nobody who has the digest alone finds the value by trying all that there are, for its salt.
/// </summary>
public sealed record Disclosure
{
    // RFC 9901, section 9.3: 128 bits.
    private const int SaltBytes = 16;

    private Disclosure(string name, Secret text) => (Name, Text) = (name, text);

    /// <summary>What the value is: <c>phoneNumber</c>.</summary>
    public string Name { get; }

    /// <summary>As it is handed out: base64url of <c>[salt, name, value]</c>.</summary>
    public Secret Text { get; }

    /// <summary>What a receipt has in its stead.</summary>
    public string Digest => DigestOf(Text.Reveal());

    /// <summary>From what a flow keeps for all its salts.</summary>
    public static Secret NewSeed() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SaltBytes)));

    /// <param name="seed">Of <see cref="NewSeed"/>: each name has a salt of its own, and the same each time.</param>
    public static Disclosure Of(Secret seed, string name, string value)
    {
        var salt = HMACSHA256.HashData(Base64Url.DecodeFromChars(seed.Reveal()), Encoding.UTF8.GetBytes(name));
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(Base64Url.EncodeToString(salt.AsSpan(0, SaltBytes)));
            writer.WriteStringValue(name);
            writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
        return new Disclosure(name, new Secret(Base64Url.EncodeToString(json.ToArray())));
    }

    /// <summary>The digest of a disclosure as it was handed out, whatever is in it.</summary>
    public static string DigestOf(string disclosure) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(disclosure)));

    public override string ToString() => Name;
}
