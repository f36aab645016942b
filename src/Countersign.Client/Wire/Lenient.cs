using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Findings are for information, and sources differ in how they write them. One that is written in another way is left out: the call that
// brought it cannot be repeated, and its result counts.

internal abstract class Lenient<T> : JsonConverter<T?>
    where T : struct
{
    /// <summary>The value; null when it is written in another way.</summary>
    protected abstract T? ValueOf(ref Utf8JsonReader reader);

    public sealed override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = ValueOf(ref reader);
        reader.Skip();
        return value;
    }

    public sealed override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

internal sealed class LenientBoolean : Lenient<bool>
{
    protected override bool? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
}

internal sealed class LenientInt32 : Lenient<int>
{
    protected override int? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;
}

internal sealed class LenientInt64 : Lenient<long>
{
    protected override long? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
}

/// <summary>Some token endpoints write the seconds as text, or with a fraction.</summary>
internal sealed class LenientSeconds : Lenient<double>
{
    protected override double? ValueOf(ref Utf8JsonReader reader)
    {
        var value = reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDouble(out var number) => number,
            JsonTokenType.String when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => (double?)null,
        };
        return value is { } seconds && !double.IsNaN(seconds) ? seconds : null;
    }
}

internal sealed class LenientDouble : Lenient<double>
{
    protected override double? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : null;
}
