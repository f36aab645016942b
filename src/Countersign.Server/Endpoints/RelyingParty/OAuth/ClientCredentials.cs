using System.Text;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>What a client shows to say who it is: a secret, or an assertion.</summary>
/// <param name="ClientId">May be null beside an assertion, which says it too.</param>
/// <param name="ClientSecret">Null when there is an assertion.</param>
/// <param name="IsBasic">They came by HTTP Basic, if also in the body.</param>
internal sealed record ClientCredentials(string? ClientId, string? ClientSecret, string? Assertion, bool IsBasic)
{
    /// <summary>Fields of the body.</summary>
    public static IReadOnlyList<Member<string>> Members { get; } =
        [OAuthMembers.ClientId, OAuthMembers.ClientSecret, OAuthMembers.ClientAssertionType!, OAuthMembers.ClientAssertion!];

    /// <summary>What is missing or cannot be, each in a sentence.</summary>
    public static IEnumerable<string> ProblemsOf(IReadOnlyDictionary<string, string> fields, BasicCredentials basic) =>
        HasAssertion(fields)
            ? [.. ProblemOf(OAuthMembers.ClientAssertionType!, fields), .. ProblemOf(OAuthMembers.ClientAssertion!, fields)]
            :
            [
                .. string.IsNullOrEmpty(IdOf(fields, basic)) ? [Fault.Missing(OAuthMembers.ClientId).Message] : Array.Empty<string>(),
                .. string.IsNullOrEmpty(SecretOf(fields, basic)) ? [Fault.Missing(OAuthMembers.ClientSecret).Message]
                    : Array.Empty<string>(),
            ];

    /// <summary>The credentials of a call in which nothing is missing.</summary>
    public static OrFault<ClientCredentials> Of(IReadOnlyDictionary<string, string> fields, BasicCredentials basic)
    {
        var (clientId, clientSecret) = (IdOf(fields, basic), SecretOf(fields, basic));
        if (HasAssertion(fields))
        {
            // RFC 6749, section 2.3: never more than one way in a request.
            return clientSecret is null && basic == BasicCredentials.None
                ? new ClientCredentials(clientId, ClientSecret: null, fields[OAuthMembers.ClientAssertion], IsBasic: false)
                : Fault.Malformed("a client shows a secret or an assertion, not both");
        }
        return basic == BasicCredentials.None || basic == new BasicCredentials(clientId, clientSecret)
            ? new ClientCredentials(clientId, clientSecret, Assertion: null, IsBasic: basic != BasicCredentials.None)
            : Fault.Malformed("credentials in the Authorization header and in the body differ");
    }

    public override string ToString() => "***";

    private static bool HasAssertion(IReadOnlyDictionary<string, string> fields) =>
        fields.ContainsKey(OAuthMembers.ClientAssertion) || fields.ContainsKey(OAuthMembers.ClientAssertionType);

    private static IEnumerable<string> ProblemOf(Member<string> member, IReadOnlyDictionary<string, string> fields)
    {
        if (fields.GetValueOrDefault(member) is not { } text)
        {
            yield return Fault.Missing(member).Message;
        }
        else if (member.Shape.Parse(text).Problem is { } problem)
        {
            yield return Fault.Invalid(member, problem).Message;
        }
    }

    private static string? IdOf(IReadOnlyDictionary<string, string> fields, BasicCredentials basic) =>
        fields.GetValueOrDefault(OAuthMembers.ClientId) ?? basic.Id;

    private static string? SecretOf(IReadOnlyDictionary<string, string> fields, BasicCredentials basic) =>
        fields.GetValueOrDefault(OAuthMembers.ClientSecret) ?? basic.Secret;
}

/// <summary>The credentials of an Authorization header. Other schemes than Basic are not for the addresses of OAuth.</summary>
internal sealed record BasicCredentials(string? Id, string? Secret)
{
    private const string Scheme = "Basic ";

    public static BasicCredentials None { get; } = new(null, null);

    // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
    public static OrFault<BasicCredentials> Read(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return None;
        }

        var encoded = header[Scheme.Length..].Trim();
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var id, var secret]
            ? new BasicCredentials(Decode(id), Decode(secret))
            : Fault.Malformed("the Authorization header is not valid HTTP Basic");
    }

    private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));

    public override string ToString() => "***";
}
