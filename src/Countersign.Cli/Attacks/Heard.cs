using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Core.Limits;

namespace Countersign.Cli.Attacks;

/// <summary>An answer of the server that is attacked: whatever came.</summary>
internal sealed partial record Heard(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    private const int NewerBy = 7000;

    public JsonObject? Json { get; } = Node(Body) as JsonObject;

    /// <summary>The code of a refusal; null where there is none.</summary>
    public int? Code => Json?["code"] is JsonValue value && value.TryGetValue<int>(out var code) ? code : null;

    public bool IsOk => Status is >= 200 and < 300;

    /// <summary>The server itself failed.</summary>
    public bool IsFailure => Status >= 500;

    /// <summary>The rule of a limit that has refused, as <c>texts.project.hour</c>; null for another word.</summary>
    /// <remarks>Another may be anybody's, and what is anybody's is no evidence.</remarks>
    public string? Rule => Status == 429 && (Text("message") ?? "").Split('\'') is [_, var rule, ..]
        && LimitRule.All.Contains(rule, StringComparer.Ordinal) ? rule : null;

    /// <summary>Refused for how often is called, and for nothing else.</summary>
    public bool IsRate => Status == 429 && Rule is null;

    /// <summary>Refused as docs/errors.md states it: by this status with this code, or with the older code for it.</summary>
    public bool Is(int status, int code) =>
        Status == status && (Code == code || (code is 8000 or 8001 or 8003 && Code == code - NewerBy));

    /// <summary>How many calls a second are permitted, as it is told with each; null where nothing is told.</summary>
    /// <param name="policy">Of whom: client or address.</param>
    public int? RateOf(string policy) => Rate().Match(Header("RateLimit-Policy") ?? "") is { Success: true } told
        && told.Groups["policy"].Value == policy
        && int.TryParse(told.Groups["permits"].ValueSpan, CultureInfo.InvariantCulture, out var permits) ? permits : null;

    public TimeSpan? RetryAfter =>
        int.TryParse(Header("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Status and code, for evidence.</summary>
    public string Brief => Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"{Status}/{code}")
        : Status.ToString(CultureInfo.InvariantCulture);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Text(string name) => TextOf(Json, name);

    /// <summary>What a member says, for evidence: a word of the contract, and no other, which may be anybody's.</summary>
    public string Word(string name) => Text(name) switch
    {
        "pending" or "success" or "failed" or "not_applicable" => Text(name)!,
        null => "nothing",
        _ => "another word",
    };

    public static string? TextOf(JsonNode? node, string name) => StrictJson.TextOf(node, name);

    public static async Task<Heard> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            headers[name] = string.Join(", ", (IEnumerable<string>)values);
        }
        var body = await StrictJson.ReadTextAsync(response.Content, cancellationToken);
        return new Heard((int)response.StatusCode, body, headers);
    }

    // Bodies hold tokens.
    public override string ToString() => Brief;

    // IETF httpapi draft "RateLimit header fields for HTTP".
    [GeneratedRegex(
        """^"(?<policy>[a-z]+)";q=(?<permits>[0-9]+);w=1$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    private static JsonNode? Node(string body)
    {
        try
        {
            return body.Length == 0 ? null : StrictJson.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
