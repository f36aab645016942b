using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary>Scenarios, as people read and keep them.</summary>
internal static class ScenarioPrinting
{
    private static readonly JsonSerializerOptions _line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A step a line, so that two files can be compared.</summary>
    public static void File(TextWriter output, JsonObject scenario) => output.WriteLine(Of(scenario, ""));

    public static void Played(TextWriter output, string file, JsonObject answer)
    {
        if (answer["came"] is JsonObject came)
        {
            foreach (var fact in came["timeline"]!.AsArray().OfType<JsonObject>())
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(decimal)fact["at"]!,10:0.000}  {LineOf(fact)}"));
            }
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(decimal)came["at"]!,10:0.000}  ends: {came["end"]}{(came["reason"] is { } reason ? $" ({reason})" : "")}"));
        }
        var differences = answer["differences"]!.AsArray();
        foreach (var difference in differences)
        {
            output.WriteLine($"  {difference}");
        }
        output.WriteLine(differences.Count == 0 ? $"{file}: the same." : $"{file}: not the same.");
    }

    private static string LineOf(JsonObject fact)
    {
        var more = fact.Where(member => member.Key is not ("at" or "code")).Select(member => $"{member.Key} {member.Value}").ToList();
        return more.Count == 0 ? $"{fact["code"]}" : $"{fact["code"]} ({string.Join(", ", more)})";
    }

    // Lists of objects, and what holds them, over several lines; all else on one.
    private static string Of(JsonNode? node, string indent)
    {
        var inner = indent + "  ";
        return node switch
        {
            JsonObject value when value.Any(member => member.Value is JsonArray { Count: > 0 } list && list[0] is JsonObject) =>
                $"{{\n{string.Join(",\n", value.Select(one => $"{inner}\"{one.Key}\": {Of(one.Value, inner)}"))}\n{indent}}}",
            JsonArray { Count: > 0 } list when list[0] is JsonObject =>
                $"[\n{string.Join(",\n", list.Select(one => $"{inner}{Of(one, inner)}"))}\n{indent}]",
            null => "null",
            _ => node.ToJsonString(_line),
        };
    }
}
