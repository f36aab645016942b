using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

/// <summary>Values that are text on the wire. Text that is absent or blank is the default value.</summary>
/// <remarks>
/// Not attributes of their types: a serialiser of the application's own must not write a national id or a birth date in clear.
/// </remarks>
internal sealed class TextConverter<T>(Func<string, T> read, Func<T, string?> write) : JsonConverter<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? read(text) : default;

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
}

/// <summary>The contract writes the next step as a map of one entry: its name, and the path that a client of this contract knows.</summary>
internal sealed class NextStepConverter : JsonConverter<NextStep>
{
    public override NextStep Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
        {
            throw new JsonException();
        }

        using var map = JsonDocument.ParseValue(ref reader);
        var name = map.RootElement.ValueKind == JsonValueKind.Object
            ? map.RootElement.EnumerateObject().Select(step => step.Name).FirstOrDefault()
            : null;
        return string.IsNullOrWhiteSpace(name) ? default : new NextStep(name!);
    }

    public override void Write(Utf8JsonWriter writer, NextStep value, JsonSerializerOptions options) => throw new NotSupportedException();
}
