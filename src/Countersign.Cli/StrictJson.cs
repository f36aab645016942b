using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli;

/// <summary>
/// JSON that somebody else has written, read to its last text: no member twice, and no half of a surrogate pair. The framework's nodes find
/// both only when they are looked at, and then by an exception of another kind.
/// </summary>
internal static class StrictJson
{
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static JsonNode? Parse(string text, JsonDocumentOptions options = default) => Parse(Encoding.UTF8.GetBytes(text), options);

    /// <inheritdoc cref="Parse(string, JsonDocumentOptions)"/>
    public static JsonNode? Parse(byte[] text, JsonDocumentOptions options = default)
    {
        options.AllowDuplicateProperties = false;
        try
        {
            using var document = JsonDocument.Parse(text, options);
            ReadAll(document.RootElement);
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("A text in it is none: it has half of a character.", exception);
        }
        return JsonNode.Parse(text, documentOptions: options);
    }

    /// <summary>A member that is a text; null where there is none, or something else, as in anybody's answer.</summary>
    public static string? TextOf(JsonNode? of, string member) =>
        Within(of, member) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A member of a member, and so on; null where there is none.</summary>
    public static JsonNode? Within(JsonNode? of, params ReadOnlySpan<string> members)
    {
        foreach (var member in members)
        {
            of = (of as JsonObject)?[member];
        }
        return of;
    }

    /// <summary>An answer's text. Whatever character set it names: what is looked for is JSON, and that is UTF-8.</summary>
    public static async Task<string> ReadTextAsync(HttpContent answer, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await answer.ReadAsByteArrayAsync(cancellationToken)).TrimStart('\uFEFF');

    private static void ReadAll(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            element.GetString();
        }
        foreach (var member in element.ValueKind == JsonValueKind.Object ? [.. element.EnumerateObject()] : Array.Empty<JsonProperty>())
        {
            _ = member.Name;
            ReadAll(member.Value);
        }
        foreach (var entry in element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : Array.Empty<JsonElement>())
        {
            ReadAll(entry);
        }
    }
}
