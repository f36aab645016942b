using System.Text.Json.Nodes;

namespace Countersign.Server.Contract;

/// <summary>An object with a name of its own in the document.</summary>
/// <param name="IsClosed">
/// True for answers, which hold nothing else, and for requests of the admin API, whose other members are refused. In other requests unknown
/// members are ignored.
/// </param>
internal sealed record ObjectSchema(string Name, string Description, bool IsClosed, params Member[] Members)
{
    public JsonObject Reference => new() { ["$ref"] = $"#/components/schemas/{Name}" };

    /// <summary>The members that it has where it is closed; null where others are ignored.</summary>
    public IReadOnlyList<string>? ClosedTo => IsClosed ? [.. Members.Select(member => member.Name)] : null;

    public JsonObject ToJson() => Of(Description, IsClosed, Members);

    public static JsonObject Of(string description, bool isClosed, Member[] members)
    {
        var schema = new JsonObject { ["type"] = "object", ["description"] = description };
        var required = members.Where(member => member.IsRequired).Select(member => member.Name).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = Schema.List(required);
        }
        var properties = new JsonObject();
        foreach (var member in members)
        {
            // A node has one parent, and one description may stand in several documents.
            properties[member.Name] = member.Schema.DeepClone();
        }
        schema["properties"] = properties;
        if (isClosed)
        {
            schema["additionalProperties"] = false;
        }
        return schema;
    }
}
