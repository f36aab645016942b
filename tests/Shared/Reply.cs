using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Testing;

/// <summary>An answer, read to its end.</summary>
/// <param name="Headers">Content headers included.</param>
public sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Null when the body is empty or no JSON.</summary>
    public JsonNode? Json { get; } = Parse(Body);

    public int Code => (int)Json!["code"]!;

    public string Message => (string)Json!["message"]!;

    /// <summary>Status, code and message in one line, for tables.</summary>
    public string Fault => Json is JsonObject o && o.ContainsKey("code") ? $"{Status} {o["code"]} {o["message"]}" : $"{Status}";

    /// <summary>The three words of a verify answer in one line.</summary>
    public string Outcome => $"{TextOrNull("success")} {TextOrNull("possessionResult")} {TextOrNull("verifyResult")}";

    public string Text(string name) => (string)Json![name]!;

    public string? TextOrNull(string name) => (string?)Json?[name];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            {
                headers[name] = string.Join(", ", (IEnumerable<string>)values);
            }
            return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
        }
    }

    public override string ToString() => $"{Status} {Body}";

    private static JsonNode? Parse(string body)
    {
        try
        {
            return body.Length == 0 ? null : JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
