using System.Text;
using Countersign.Core;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>
/// A well-formed call of one of the addresses of OAuth: what it asks, and the client's credentials. Both come in a form or in JSON, the
/// credentials also by HTTP Basic; nothing in the query.
/// </summary>
internal sealed record OAuthRequest(ClientCredentials Credentials, IReadOnlyDictionary<string, string> Fields)
{
    private static Fault WrongMediaType { get; } = Fault.Malformed(
        "content type must be application/x-www-form-urlencoded or application/json");

    /// <param name="own">What the address asks for beside the credentials, in the order in which problems are told.</param>
    public static async Task<OrFault<OAuthRequest>> ReadAsync(HttpRequest request, IReadOnlyList<Member<string>> own)
    {
        if (!(await ReadFieldsAsync(request, own)).Is(out var fields, out var fault)
            || !BasicCredentials.Read(request).Is(out var basic, out fault))
        {
            return fault;
        }

        string[] problems =
        [
            .. ClientCredentials.ProblemsOf(fields, basic), .. own.Select(member => ProblemOf(member, fields)).OfType<string>(),
        ];
        if (problems.Length > 0)
        {
            return Fault.Malformed(string.Join("; ", problems));
        }
        return ClientCredentials.Of(fields, basic).Is(out var credentials, out fault) ? new OAuthRequest(credentials, fields) : fault;
    }

    /// <summary>What was sent as this field; null when it was not.</summary>
    public string? this[Member field] => Fields.GetValueOrDefault(field);

    public override string ToString() => "***";

    private static string? ProblemOf(Member<string> member, Dictionary<string, string> fields)
    {
        if (fields.GetValueOrDefault(member) is not { Length: > 0 } text)
        {
            return member.IsRequired ? Fault.Missing(member).Message : null;
        }
        return member.Shape.Parse(text).Problem is { } problem ? Fault.Invalid(member, problem).Message : null;
    }

    private static async Task<OrFault<Dictionary<string, string>>> ReadFieldsAsync(HttpRequest request, IReadOnlyList<Member<string>> own)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return request.ContentLength is null or 0 ? Fault.Malformed("body is missing") : WrongMediaType;
        }
        if (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadJsonAsync(request, [.. ClientCredentials.Members, .. own]);
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

    private static async Task<OrFault<Dictionary<string, string>>> ReadJsonAsync(HttpRequest request, IEnumerable<Member<string>> members)
    {
        if (!(await RequestBody.ReadAsync(request)).Is(out var body, out var fault))
        {
            return fault;
        }

        using (body)
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var member in members)
            {
                // As text, whatever it is: what it may be, and what is missing, is judged as in a form.
                if (body.Read(member.Of(Shape.Text()), isRequired: false) is { } text)
                {
                    fields[member] = text;
                }
            }
            return body.Fault is { } bad ? bad : fields;
        }
    }
}
