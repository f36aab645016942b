using System.Text.Json;
using Countersign.Operator.Hosting;

namespace Countersign.Operator.Control;

/// <summary>Bodies of the control API: a JSON object with members that the call knows.</summary>
internal static class ControlBody
{
    /// <summary>The object, or what is wrong. An absent body is an object without members.</summary>
    public static async Task<(Dictionary<string, JsonElement>? Members, Answer? Refusal)> ReadAsync(
        HttpContext context, params string[] known)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (context.Request.ContentLength is 0 or null && !context.Request.Headers.ContainsKey("Transfer-Encoding"))
        {
            return (members, null);
        }
        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException)
        {
            return (null, Refuse("the body is not JSON"));
        }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, Refuse("the body must be a JSON object"));
            }
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (known.Length > 0 && !known.Contains(member.Name, StringComparer.Ordinal))
                {
                    return (null, Refuse($"{Short(member.Name)} is no member here; there are {string.Join(", ", known)}"));
                }
                members[member.Name] = member.Value.Clone();
            }
        }
        return (members, null);
    }

    public static Answer Refuse(string sentence) => Answer.CamaraError(400, "INVALID_ARGUMENT", sentence + ".");

    public static string Short(string name) => name.Length <= 60 ? name : name[..60];

    /// <summary>A member that is a text; null when it is absent or null.</summary>
    public static (string? Text, bool IsWrong) Text(this Dictionary<string, JsonElement> members, string name) =>
        (members.TryGetValue(name, out var value) ? value.ValueKind : JsonValueKind.Null) switch
        {
            JsonValueKind.Null => (null, false),
            JsonValueKind.String => (value.GetString(), false),
            _ => (null, true),
        };
}
