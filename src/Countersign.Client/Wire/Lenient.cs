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

    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

internal sealed class LenientBoolean : Lenient<bool>
{
    protected override bool? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };

    public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options)
    {
        if (value is { } flag)
        {
            writer.WriteBooleanValue(flag);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

internal sealed class LenientInt32 : Lenient<int>
{
    protected override int? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : null;

    public override void Write(Utf8JsonWriter writer, int? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

internal sealed class LenientDouble : Lenient<double>
{
    protected override double? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) ? number : null;
}

/// <summary>A moment in seconds since 1970 or in ISO 8601.</summary>
internal sealed class LenientMoment : Lenient<DateTimeOffset>
{
    private static readonly long _firstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long _lastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    protected override DateTimeOffset? ValueOf(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetInt64(out var seconds) && seconds >= _firstSecond && seconds <= _lastSecond =>
                DateTimeOffset.FromUnixTimeSeconds(seconds),
            JsonTokenType.String
                when DateTimeOffset.TryParse(
                    reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) => moment,
            _ => null,
        };
}

/// <summary>Some token endpoints write the seconds as text, or with a fraction.</summary>
internal sealed class LenientSeconds : Lenient<double>
{
    protected override double? ValueOf(ref Utf8JsonReader reader)
    {
        var value = reader.TokenType switch
        {
            JsonTokenType.Number when reader.TryGetDouble(out var number) => number,
            JsonTokenType.String
                when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => (double?)null,
        };
        return value is { } seconds && !double.IsNaN(seconds) ? seconds : null;
    }
}

/// <summary>A flag that is wrapped into an object of its own.</summary>
internal sealed class WrappedFlag(string name) : JsonConverter<bool?>
{
    public override bool? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var wrapped = JsonDocument.ParseValue(ref reader);
        return wrapped.RootElement.ValueKind != JsonValueKind.Object ? throw new JsonException()
            : wrapped.RootElement.TryGetProperty(name, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? flag.GetBoolean()
                : null;
    }

    public override void Write(Utf8JsonWriter writer, bool? value, JsonSerializerOptions options) => throw new NotSupportedException();
}

/// <summary>A count or a flag that is zero or false where an answer does not say.</summary>
internal sealed class OrDefault<T>(JsonConverter<T?> lenient) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        lenient.Read(ref reader, typeof(T?), options) ?? default;

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => lenient.Write(writer, value, options);
}
