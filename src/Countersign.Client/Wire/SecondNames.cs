using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Client.Wire;

/// <summary>
/// A type with members that servers of the contract write under either of two names, or under both. Where both hold something, the first
/// name counts.
/// </summary>
/// <param name="plain">How the type is written, and read under the first names.</param>
/// <param name="names">The second and the first name of each such member.</param>
internal sealed class SecondNames<T>(JsonSerializerOptions plain, params (string Second, string First)[] names) : JsonConverter<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var answer = document.RootElement;
        if (answer.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException();
        }

        using var renamed = new MemoryStream();
        using (var writer = new Utf8JsonWriter(renamed))
        {
            writer.WriteStartObject();
            foreach (var member in answer.EnumerateObject())
            {
                Rename(answer, member, writer);
            }

            writer.WriteEndObject();
        }

        return JsonSerializer.Deserialize(renamed.ToArray(), (JsonTypeInfo<T>)plain.GetTypeInfo(typeof(T)));
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)plain.GetTypeInfo(typeof(T)));

    private void Rename(JsonElement answer, JsonProperty member, Utf8JsonWriter writer)
    {
        var first = Array.Find(names, pair => member.NameEquals(pair.Second)).First;
        if (first is null)
        {
            if (!Array.Exists(names, pair => member.NameEquals(pair.First)) || !IsBlank(member.Value))
            {
                member.WriteTo(writer);
            }
        }
        else if (!answer.TryGetProperty(first, out var other) || IsBlank(other))
        {
            writer.WritePropertyName(first);
            member.Value.WriteTo(writer);
        }
    }

    private static bool IsBlank(JsonElement value) => value.ValueKind == JsonValueKind.Null
        || (value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString()));
}
