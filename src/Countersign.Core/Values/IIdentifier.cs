using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>
/// A text that names one thing, by the rules for such names. Two kinds of them cannot be confused. It is nobody's secret and nothing
/// personal, so it prints as it is; the default value names nothing and prints as nothing.
/// </summary>
public interface IIdentifier<TSelf>
    where TSelf : struct, IIdentifier<TSelf>
{
    /// <summary>Says what is wrong with a text, fit for an error that names where it stands; null when it is one.</summary>
    static abstract string? ProblemOf(string text);

    static abstract bool TryParse([NotNullWhen(true)] string? text, out TSelf id);

    /// <exception cref="FormatException">It is none.</exception>
    static abstract TSelf Parse(string text);
}

/// <summary>In JSON it is its text.</summary>
public sealed class IdentifierConverter<T> : JsonConverter<T>
    where T : struct, IIdentifier<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.TryParse(reader.GetString(), out var id) ? id : throw new JsonException($"Not a {typeof(T).Name}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
