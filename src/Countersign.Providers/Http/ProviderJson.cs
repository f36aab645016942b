using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Core;

namespace Countersign.Providers.Http;

/// <summary>JSON of a provider, of which nothing can be taken for granted: what is not there, or is something else, is null.</summary>
internal static class ProviderJson
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16 };

    /// <summary>The object, or null when it is none.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(ByteOrderMark.Without(body), _options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The whole of it, where each member must have its shape; else null.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(ByteOrderMark.Without(body).Span, shape);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.String } value ? TextOf(value) : null;

    /// <summary>A text, or a number as it is written.</summary>
    public static string? Word(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value ? value.GetRawText() : json.Text(name);

    public static int? Number(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>Seconds since 1970 and the like.</summary>
    public static long? LongNumber(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    public static bool? Flag(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    public static JsonElement? Object(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    public static JsonElement? Array(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } value ? value : null;

    // Half a surrogate pair is valid JSON and no text, also in the name of some other member.
    private static JsonElement? Member(this JsonElement json, string name)
    {
        try
        {
            return json.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
