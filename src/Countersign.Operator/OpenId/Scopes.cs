using System.Text.RegularExpressions;

namespace Countersign.Operator.OpenId;

/// <summary>What a client asks for.</summary>
/// <param name="Text">As it is granted.</param>
/// <param name="Api">The scopes of APIs among it.</param>
internal sealed partial record Scopes(string Text, IReadOnlyList<string> Api)
{
    public const string Verify = "number-verification:verify";
    public const string ReadNumber = "number-verification:device-phone-number:read";

    // CAMARA's release Fall25; sim-swap is the umbrella over its two calls.
    public static IReadOnlyList<string> Known { get; } =
    [
        Verify, ReadNumber, "kyc-match:match", "sim-swap", "sim-swap:check", "sim-swap:retrieve-date", "number-recycling:check",
        "kyc-tenure:check-tenure",
    ];

    /// <summary>Whether these need proof that the person holds the SIM now.</summary>
    public bool NeedPossession => Api.Any(scope => scope is Verify or ReadNumber);

    /// <summary>The scopes of a request for one person's consent: openid, exactly one purpose, one API or more; or what is wrong.</summary>
    /// <remarks>CAMARA Security and Interoperability Profile, "Purpose as a scope".</remarks>
    public static (Scopes? Scopes, string Problem) ForPerson(string? text)
    {
        var (parts, problem) = Split(text);
        if (parts is null)
        {
            return (null, problem);
        }
        if (!parts.Contains("openid"))
        {
            return (null, "scope must contain openid");
        }
        return parts.Count(IsPurpose) == 1 ? Granted(parts)
            : (null, "scope must contain exactly one purpose, e.g. dpv:FraudPreventionAndDetection");
    }

    /// <summary>The scopes of a client of its own; at most one purpose, and openid is left out, for there is no person.</summary>
    public static (Scopes? Scopes, string Problem) ForClient(string? text)
    {
        var (parts, problem) = Split(text);
        if (parts is null)
        {
            return (null, problem);
        }
        parts.Remove("openid");
        if (parts.Count(IsPurpose) > 1)
        {
            return (null, "scope must not contain more than one purpose");
        }
        var (scopes, missing) = Granted(parts);
        return scopes is { NeedPossession: true }
            ? (null, "number verification needs a person's token, which client_credentials does not give") : (scopes, missing);
    }

    private static (List<string>? Parts, string Problem) Split(string? text)
    {
        var parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        return parts.Find(part => part != "openid" && !IsPurpose(part) && !Known.Contains(part, StringComparer.Ordinal)) is null
            ? (parts, "")
            : (null, "scope contains one that this operator does not offer; scopes_supported of the discovery document lists them");
    }

    private static (Scopes? Scopes, string Problem) Granted(List<string> parts)
    {
        string[] api = [.. parts.Where(part => Known.Contains(part, StringComparer.Ordinal))];
        return api.Length > 0 ? (new Scopes(string.Join(' ', parts), api), "")
            : (null, "scope must contain the scope of an API, e.g. number-verification:verify");
    }

    private static bool IsPurpose(string scope) => Purpose().IsMatch(scope);

    [GeneratedRegex(@"^dpv:[A-Z][A-Za-z]{0,79}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Purpose();
}
