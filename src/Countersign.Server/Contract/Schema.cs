using System.Text.Json.Nodes;

namespace Countersign.Server.Contract;

/// <summary>The few shapes of JSON Schema (draft 2020-12) that the documents use.</summary>
internal static class Schema
{
    public static JsonObject Text(string description, int? min = null, int? max = null, string? pattern = null, string? format = null) =>
        Of("string", description, ("format", format), ("minLength", min), ("maxLength", max), ("pattern", pattern));

    /// <summary>One of a closed list of words.</summary>
    public static JsonObject Word(string description, params IEnumerable<string> words) => Of("string", description, ("enum", List(words)));

    public static JsonObject Flag(string description, bool? standard = null) => Of("boolean", description, ("default", standard));

    public static JsonObject Number(string description, int? min = null, int? max = null) =>
        Of("integer", description, ("minimum", min), ("maximum", max));

    public static JsonObject Fraction(string description, decimal min, decimal max) =>
        Of("number", description, ("minimum", min), ("maximum", max));

    public static JsonObject Time(string description) => Text(description, format: "date-time");

    /// <summary>An object with these members and no other.</summary>
    public static JsonObject Closed(string description, params Member[] members) => ObjectSchema.Of(description, isClosed: true, members);

    /// <summary>An object in a request: members that are not listed are ignored.</summary>
    public static JsonObject Open(string description, params Member[] members) => ObjectSchema.Of(description, isClosed: false, members);

    /// <summary>The names that an object's schema is closed to; null where it is open.</summary>
    public static IReadOnlyList<string>? ClosedTo(JsonObject schema) =>
        schema["additionalProperties"] is JsonValue other && !other.GetValue<bool>()
            ? [.. schema["properties"]!.AsObject().Select(property => property.Key)]
            : null;

    /// <summary>The same, and null too.</summary>
    /// <param name="meaning">A sentence about null.</param>
    public static JsonObject OrNull(JsonObject schema, string meaning)
    {
        var either = schema.DeepClone().AsObject();
        either["type"] = List([(string)schema["type"]!, "null"]);
        either["description"] = $"{schema["description"]} {meaning}";
        (either["enum"] as JsonArray)?.Add((JsonNode?)null);
        return either;
    }

    /// <summary>Names that nobody knows beforehand, each with a value of the same shape.</summary>
    public static JsonObject Map(string description, JsonObject value) => Of("object", description, ("additionalProperties", value));

    /// <summary>An object of which nothing is promised.</summary>
    public static JsonObject Anything(string description) => Of("object", description, ("additionalProperties", true));

    public static JsonObject List(string description, JsonObject item, int? min = null, int? max = null) =>
        Of("array", description, ("items", item), ("minItems", min), ("maxItems", max));

    public static JsonArray List(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    private static JsonObject Of(string type, string description, params (string Name, JsonNode? Value)[] keywords)
    {
        var schema = new JsonObject { ["type"] = type, ["description"] = description };
        foreach (var (name, value) in keywords)
        {
            if (value is not null)
            {
                schema[name] = value;
            }
        }
        return schema;
    }
}
