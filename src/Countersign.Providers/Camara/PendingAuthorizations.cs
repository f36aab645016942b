using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Providers.Camara;

/// <summary>
/// Checks that are under way, in the hands of the browsers that make them: nothing is stored, so any node takes any callback. A browser
/// carries its check twice, as the <c>state</c> of the authorization and as what it hands in; each is sealed for its own place, so that
/// neither passes for the other.
/// </summary>
internal sealed class PendingAuthorizations(Sealer sealer)
{
    private const string StatePlace = "state";
    private const string ReturnPlace = "return";

    /// <summary>The <c>state</c> of an authorization.</summary>
    public string ToState(OpenCheck check) => Seal(check, StatePlace);

    /// <summary>Null when it is no state of ours.</summary>
    public OpenCheck? OfState(string? text) => Open(text, StatePlace);

    /// <summary>What a browser hands in.</summary>
    public Secret ToReturn(OpenCheck check) => new(Seal(check, ReturnPlace));

    /// <summary>Null when it is nothing that a browser was given to hand in.</summary>
    public OpenCheck? OfReturn(Secret text) => Open(text.Reveal(), ReturnPlace);

    private string Seal(OpenCheck check, string place) =>
        Base64Url.EncodeToString(sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(check, CamaraJson.Wire.OpenCheck), place));

    private OpenCheck? Open(string? text, string place)
    {
        try
        {
            return text is { Length: > 0 } && Base64Url.IsValid(text)
                ? JsonSerializer.Deserialize(sealer.Open(Base64Url.DecodeFromChars(text), place), CamaraJson.Wire.OpenCheck)
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}

/// <summary>
/// One check under way. Sealed names are for ever only as long as a check lives, a few minutes; they are short because they travel in
/// addresses.
/// </summary>
/// <param name="Chance">Base64url of 32 random bytes, of which nonce and PKCE verifier are made.</param>
/// <param name="Proof">What ties the answer to the browser that began.</param>
/// <param name="Until">Unix milliseconds.</param>
/// <param name="ReturnUrl">In the state alone.</param>
/// <param name="Code">In what is handed in, where the operator gave one.</param>
/// <param name="Reason">In what is handed in: why there is no code.</param>
/// <param name="HasIssuer">In what is handed in: the redirect said whose it was.</param>
/// <param name="BeganFrom">Of <see cref="ClientNetwork"/>.</param>
/// <param name="ReturnedFrom">Likewise, in what is handed in.</param>
internal sealed record OpenCheck(
    [property: JsonPropertyName("f")] Guid Flow, [property: JsonPropertyName("o")] string Operator,
    [property: JsonPropertyName("x")] string Chance, [property: JsonPropertyName("p")] string Proof,
    [property: JsonPropertyName("w")] MobileAuthTransport Transport, [property: JsonPropertyName("u")] long Until,
    [property: JsonPropertyName("r")] string? ReturnUrl = null, [property: JsonPropertyName("c")] string? Code = null,
    [property: JsonPropertyName("e")] string? Reason = null, [property: JsonPropertyName("i")] bool HasIssuer = false,
    [property: JsonPropertyName("a")] string? BeganFrom = null, [property: JsonPropertyName("b")] string? ReturnedFrom = null)
{
    /// <summary>Ties the id token to this check (OpenID Connect Core 3.1.2.1).</summary>
    [JsonIgnore]
    public string Nonce => Derive("nonce");

    /// <summary>Ties the code to this check (RFC 7636): 43 characters.</summary>
    [JsonIgnore]
    public Secret Verifier => new(Derive("verifier"));

    [JsonIgnore]
    public string CodeChallenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Derive("verifier"))));

    public static string NewChance() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public override string ToString() => "***";

    private string Derive(string purpose) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Base64Url.DecodeFromChars(Chance), Encoding.ASCII.GetBytes(purpose)));
}
