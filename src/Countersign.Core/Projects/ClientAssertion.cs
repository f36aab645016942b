using System.Text;
using System.Text.Json;

namespace Countersign.Core.Projects;

/// <summary>
/// A client's own word, signed with its private key, that it is itself (RFC 7523, section 3; OpenID Connect Core, section 9). What is read
/// is believed only after <see cref="Judge"/>.
/// </summary>
public sealed class ClientAssertion
{
    /// <summary>How far its end may be ahead: until then its id has to be remembered.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(5);

    /// <summary>How much a client's clock may differ, but for the end, for which there is room enough.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(60);

    /// <summary>Characters of a <c>jti</c>.</summary>
    public const int MaxIdCharacters = 256;

    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly byte[] _signed;
    private readonly byte[] _signature;
    private readonly JsonElement _header;
    private readonly JsonElement _claims;

    private ClientAssertion(byte[] signed, byte[] signature, JsonElement header, JsonElement claims) =>
        (_signed, _signature, _header, _claims) = (signed, signature, header, claims);

    /// <summary>Who it says it is (<c>sub</c>); null when it does not say.</summary>
    public string? Subject => TextOf(_claims, "sub");

    /// <summary>Returns null for what is no JSON Web Token, signed or not.</summary>
    public static ClientAssertion? Read(string text)
    {
        if (text.Split('.') is not [var header, var claims, var signature]
            || ObjectOf(header) is not { } readHeader || ObjectOf(claims) is not { } readClaims
            || JsonTexts.ReadBytes(signature) is not { } bytes)
        {
            return null;
        }
        return new ClientAssertion(Encoding.ASCII.GetBytes($"{header}.{claims}"), bytes, readHeader, readClaims);
    }

    /// <summary>Whether it is this client's word, said here and now. That it is said once is another's to see.</summary>
    /// <param name="audiences">What this server is called.</param>
    public AssertionVerdict Judge(ApiClient client, IReadOnlyList<string> audiences, DateTimeOffset now)
    {
        var key = SignedBy(client.Keys);
        var id = TextOf(_claims, "jti");
        var expires = SecondsOf("exp");
        var refused = key is null ? AssertionVerdict.Signature
            : TextOf(_claims, "iss") != client.Id.ToString() || Subject != client.Id.ToString() ? "iss and sub are not both the client's id"
            : !IsFor(audiences) ? "aud is not this server"
            : ProblemOfTime(expires, now) ?? (id is null or { Length: 0 or > MaxIdCharacters } ? "jti is missing or too long" : null);
        return refused is null
            ? new AssertionVerdict.Good(key!, id!, DateTimeOffset.FromUnixTimeMilliseconds((long)(expires!.Value * 1000)))
            : new AssertionVerdict.Refused(refused);
    }

    // It holds a credential until its end.
    public override string ToString() => "***";

    private ClientKey? SignedBy(ClientKeys keys)
    {
        var (algorithm, keyId) = (TextOf(_header, "alg"), TextOf(_header, "kid"));
        // RFC 7515, section 4.1.11: what must be understood and is not. A token of another kind, signed with the same key, is no assertion.
        if (algorithm is null || _header.TryGetProperty("crit", out _) || (_header.TryGetProperty("kid", out _) && keyId is null)
            || (_header.TryGetProperty("typ", out _) && !IsType(TextOf(_header, "typ"))))
        {
            return null;
        }
        var possible = keys.Of(algorithm, keyId).Where(key => key.SignatureBytes == _signature.Length).ToList();
        if (possible.Count == 0)
        {
            // Attack: by the time that it takes, to find out which clients there are, and which of them have keys.
            _ = ClientKey.OfNobody(algorithm, _signature.Length)?.Verifies(algorithm, _signed, _signature);
        }
        return possible.FirstOrDefault(key => key.Verifies(algorithm, _signed, _signature));
    }

    private static bool IsType(string? type) =>
        string.Equals(type, "JWT", StringComparison.OrdinalIgnoreCase)
        || string.Equals(type, "client-authentication+jwt", StringComparison.OrdinalIgnoreCase);

    private bool IsFor(IReadOnlyList<string> audiences) => _claims.TryGetProperty("aud", out var audience) && audience.ValueKind switch
    {
        JsonValueKind.Array => audience.EnumerateArray().Any(entry => audiences.Contains(JsonTexts.Read(entry), StringComparer.Ordinal)),
        _ => audiences.Contains(JsonTexts.Read(audience), StringComparer.Ordinal),
    };

    private string? ProblemOfTime(double? expires, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds() / 1000d;
        var (issued, begins) = (SecondsOf("iat"), SecondsOf("nbf"));
        return expires is null or double.NaN ? "exp is missing or no number"
            : expires <= at ? "it has expired"
            : expires > at + MaxLifetime.TotalSeconds ? "exp is more than five minutes ahead"
            : begins is double.NaN || begins > at + Leeway.TotalSeconds ? "nbf is ahead, or no number"
            : issued is double.NaN || issued > at + Leeway.TotalSeconds ? "iat is ahead, or no number"
            : issued < at - MaxLifetime.TotalSeconds - Leeway.TotalSeconds ? "it was issued more than five minutes ago"
            : null;
    }

    /// <returns>Null when the claim is absent; not a number when it is none.</returns>
    private double? SecondsOf(string name) =>
        !_claims.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds) ? seconds
        : double.NaN;

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? JsonTexts.Read(value) : null;

    private static JsonElement? ObjectOf(string segment)
    {
        try
        {
            if (JsonTexts.ReadBytes(segment) is not { } bytes)
            {
                return null;
            }
            using var document = JsonDocument.Parse(bytes, _strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>What became of an assertion: a closed set.</summary>
public abstract record AssertionVerdict
{
    internal const string Signature = "no key of the client has signed it by an algorithm that is taken";

    private AssertionVerdict() { }

    public sealed override string ToString() => GetType().Name;

    /// <param name="Key">What it was signed with.</param>
    /// <param name="Id">Its <c>jti</c>, which is taken once.</param>
    public sealed record Good(ClientKey Key, string Id, DateTimeOffset ExpiresAt) : AssertionVerdict;

    /// <param name="Reason">For the log, in words that hold nothing of it.</param>
    public sealed record Refused(string Reason) : AssertionVerdict;
}
