using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// Holds a value to a schema of the documents. A keyword that it does not know is a problem too, so that none is passed over in silence.
/// </summary>
internal sealed class StrictSchema(JsonNode document)
{
    public IReadOnlyList<string> Problems(JsonNode schema, JsonNode? value)
    {
        var problems = new List<string>();
        Check(schema.AsObject(), value, "$", problems);
        return problems;
    }

    public JsonObject Resolve(JsonObject schema)
    {
        if (schema["$ref"] is not { } reference)
        {
            return schema;
        }
        var node = document;
        foreach (var part in ((string)reference!)["#/".Length..].Split('/'))
        {
            node = node[part] ?? throw new InvalidOperationException($"{reference} leads nowhere.");
        }
        return node.AsObject();
    }

    private void Check(JsonObject schema, JsonNode? value, string at, List<string> problems)
    {
        schema = Resolve(schema);
        if (schema["anyOf"] is JsonArray alternatives)
        {
            CheckAlternatives(alternatives, value, at, problems);
            return;
        }
        string[] types = schema["type"] is JsonArray either ? [.. either.Select(type => (string)type!)] : [(string)schema["type"]!];
        // A whole number is a number, too.
        if (!types.Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && types.Contains("number")))
        {
            problems.Add($"{at} is {TypeOf(value)}, not {string.Join(" or ", types)}");
            return;
        }
        if (value is null)
        {
            return;
        }
        foreach (var (keyword, rule) in schema)
        {
            var isKept = keyword switch
            {
                "type" or "description" or "default" => true,
                "enum" => rule!.AsArray().Any(word => JsonNode.DeepEquals(word, value)),
                "minLength" => Length(value) >= (int)rule!,
                "maxLength" => Length(value) <= (int)rule!,
                "pattern" => Regex.IsMatch((string)value!, (string)rule!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)),
                "minimum" => (decimal)value! >= (decimal)rule!,
                "maximum" => (decimal)value! <= (decimal)rule!,
                "format" => HasFormat((string)value!, (string)rule!),
                "required" => CheckRequired(rule!.AsArray(), value!.AsObject(), at, problems),
                "properties" or "additionalProperties" => types.Contains("object"),
                "minItems" => value!.AsArray().Count >= (int)rule!,
                "maxItems" => value!.AsArray().Count <= (int)rule!,
                "items" => CheckItems(rule!.AsObject(), value!.AsArray(), at, problems),
                _ => false,
            };
            if (!isKept)
            {
                problems.Add($"{at} breaks {keyword}: {rule}");
            }
        }
        if (value is JsonObject members)
        {
            CheckMembers(schema, members, at, problems);
        }
    }

    /// <summary>One contract kept is enough; of none, the one that is kept best is told.</summary>
    private void CheckAlternatives(JsonArray alternatives, JsonNode? value, string at, List<string> problems)
    {
        var found = alternatives.Select(alternative =>
        {
            var own = new List<string>();
            Check(alternative!.AsObject(), value, at, own);
            return own;
        });
        problems.AddRange(found.MinBy(own => own.Count)!);
    }

    private static bool CheckRequired(JsonArray names, JsonObject value, string at, List<string> problems)
    {
        problems.AddRange(names.Where(name => !value.ContainsKey((string)name!)).Select(name => $"{at}.{name} is missing"));
        return true;
    }

    private bool CheckItems(JsonObject schema, JsonArray items, string at, List<string> problems)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Check(schema, items[i], $"{at}[{i}]", problems);
        }
        return true;
    }

    private void CheckMembers(JsonObject schema, JsonObject members, string at, List<string> problems)
    {
        foreach (var (name, value) in members)
        {
            if ((schema["properties"]?[name] ?? (schema["additionalProperties"] as JsonObject)) is JsonObject member)
            {
                Check(member, value, $"{at}.{name}", problems);
            }
            else if (schema["additionalProperties"]?.GetValueKind() == JsonValueKind.False)
            {
                problems.Add($"{at}.{name} is not in the document");
            }
        }
    }

    private static int Length(JsonNode? value) => ((string)value!).EnumerateRunes().Count();

    private static bool HasFormat(string text, string format) => format switch
    {
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        _ => false,
    };

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-') ? "integer" : "number",
        _ => "null",
    };
}
