using System.Text;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>What a client shows to say who it is.</summary>
/// <param name="IsBasic">They came by HTTP Basic, if also in the body.</param>
internal sealed record ClientCredentials(string ClientId, string ClientSecret, bool IsBasic)
{
    /// <summary>Fields of the body.</summary>
    public static IReadOnlyList<Member<string>> Members { get; } = [OAuthMembers.ClientId, OAuthMembers.ClientSecret];

    /// <summary>What is missing, each in a sentence.</summary>
    public static IEnumerable<string> ProblemsOf(IReadOnlyDictionary<string, string> fields, BasicCredentials basic)
    {
        if (string.IsNullOrEmpty(IdOf(fields, basic)))
        {
            yield return Fault.Missing(OAuthMembers.ClientId).Message;
        }
        if (string.IsNullOrEmpty(SecretOf(fields, basic)))
        {
            yield return Fault.Missing(OAuthMembers.ClientSecret).Message;
        }
    }

    /// <summary>The credentials of a call in which nothing is missing.</summary>
    public static OrFault<ClientCredentials> Of(IReadOnlyDictionary<string, string> fields, BasicCredentials basic)
    {
        var (clientId, clientSecret) = (IdOf(fields, basic)!, SecretOf(fields, basic)!);
        return basic == BasicCredentials.None || basic == new BasicCredentials(clientId, clientSecret)
            ? new ClientCredentials(clientId, clientSecret, IsBasic: basic != BasicCredentials.None)
            : Fault.Malformed("credentials in the Authorization header and in the body differ");
    }

    public override string ToString() => "***";

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
