using System.Text;
using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>A well-formed call of the token endpoint. Credentials come in a form, in JSON or by HTTP Basic; never in the query.</summary>
/// <param name="IsBasic">They came by HTTP Basic, if also in the body.</param>
internal sealed record TokenRequest(string ClientId, string ClientSecret, bool IsBasic)
{
    public const string GrantType = "client_credentials";

    private static readonly Member<string>[] _members = [TokenOperation.ClientId, TokenOperation.ClientSecret, TokenOperation.GrantType];

    /// <summary>Nothing is wrong but the grant.</summary>
    public static Fault OtherGrant { get; } = Fault.Invalid(TokenOperation.GrantType, $"must be {GrantType}");

    private static Fault WrongMediaType { get; } = Fault.Malformed(
        "content type must be application/x-www-form-urlencoded or application/json");

    public static async Task<OrFault<TokenRequest>> ReadAsync(HttpRequest request)
    {
        if (!(await ReadFieldsAsync(request)).Is(out var fields, out var fault) || !Basic.Read(request).Is(out var basic, out fault))
        {
            return fault;
        }

        var clientId = fields.GetValueOrDefault(TokenOperation.ClientId) ?? basic.Id;
        var clientSecret = fields.GetValueOrDefault(TokenOperation.ClientSecret) ?? basic.Secret;
        string[] problems =
        [
            .. string.IsNullOrEmpty(clientId) ? [Fault.Missing(TokenOperation.ClientId).Message] : Array.Empty<string>(),
            .. string.IsNullOrEmpty(clientSecret) ? [Fault.Missing(TokenOperation.ClientSecret).Message] : Array.Empty<string>(),
            .. fields.GetValueOrDefault(TokenOperation.GrantType) switch
            {
                null or "" => [Fault.Missing(TokenOperation.GrantType).Message],
                not GrantType => [OtherGrant.Message],
                _ => Array.Empty<string>(),
            },
        ];
        if (string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(clientSecret) || problems.Length > 0)
        {
            return Fault.Malformed(string.Join("; ", problems));
        }
        return basic == Basic.None || basic == new Basic(clientId, clientSecret)
            ? new TokenRequest(clientId, clientSecret, IsBasic: basic != Basic.None)
            : Fault.Malformed("credentials in the Authorization header and in the body differ");
    }

    public override string ToString() => "***";

    private static async Task<OrFault<Dictionary<string, string>>> ReadFieldsAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return request.ContentLength is null or 0 ? Fault.Malformed("body is missing") : WrongMediaType;
        }
        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadJsonAsync(request);
        }
        return type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            ? await ReadFormAsync(request)
            : WrongMediaType;
    }

    private static async Task<OrFault<Dictionary<string, string>>> ReadFormAsync(HttpRequest request)
    {
        if (!(await RequestBody.ReadBytesAsync(request)).Is(out var bytes, out var fault))
        {
            return fault;
        }
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in new QueryStringEnumerable(Encoding.UTF8.GetString(ByteOrderMark.Without(bytes).Span)))
        {
            var value = field.DecodeValue().ToString();
            if (value.Length > 0 && !fields.TryAdd(field.DecodeName().ToString(), value))
            {
                return Fault.Malformed("a field is given twice");
            }
        }
        return fields;
    }

    private static async Task<OrFault<Dictionary<string, string>>> ReadJsonAsync(HttpRequest request)
    {
        if (!(await RequestBody.ReadAsync(request)).Is(out var body, out var fault))
        {
            return fault;
        }

        using (body)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in _members)
            {
                // HTTP Basic may bring the credentials: what is missing is known later.
                if (body.Read(member, isRequired: false) is { } text)
                {
                    fields[member] = text;
                }
            }
            return body.Fault is { } bad ? bad : fields;
        }
    }

    /// <summary>The credentials of an Authorization header. Other schemes than Basic are not for this endpoint.</summary>
    private sealed record Basic(string? Id, string? Secret)
    {
        private const string Scheme = "Basic ";

        public static Basic None { get; } = new(null, null);

        // RFC 6749, section 2.3.1: both parts are form-encoded before they are joined.
        public static OrFault<Basic> Read(HttpRequest request)
        {
            if (request.Headers.Authorization is not [{ } header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            {
                return None;
            }

            var encoded = header[Scheme.Length..].Trim();
            var bytes = new byte[encoded.Length];
            return Convert.TryFromBase64String(encoded, bytes, out var length)
                && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var id, var secret]
                ? new Basic(Decode(id), Decode(secret))
                : Fault.Malformed("the Authorization header is not valid HTTP Basic");
        }

        private static string Decode(string part) => Uri.UnescapeDataString(part.Replace('+', ' '));

        public override string ToString() => "***";
    }
}
