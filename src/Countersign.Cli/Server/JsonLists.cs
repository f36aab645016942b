using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary>Lists of words in what is sent and answered.</summary>
internal static class JsonLists
{
    public static JsonArray Of(IEnumerable<string> words) => [.. words.Select(word => (JsonNode?)word)];

    /// <summary>With commas between; null for what is no list.</summary>
    public static string? Join(JsonNode? list) =>
        list is JsonArray array ? string.Join(", ", array.Select(word => (string?)word)) : null;
}
