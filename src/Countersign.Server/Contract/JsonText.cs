using System.Text.Json;
using Countersign.Core;

namespace Countersign.Server.Contract;

/// <summary>The texts of a JSON body. An escaped half of a surrogate pair ("\ud800") is well-formed JSON but no text.</summary>
internal static class JsonText
{
    public static bool TryRead(JsonElement element, out string text)
    {
        var read = element.ValueKind == JsonValueKind.String && TryDecode(() => element.GetString()!, out var decoded) ? decoded : null;
        Guards.Drop("S12", ref read, () => read ?? element.GetRawText());
        text = read ?? "";
        return read is not null;
    }

    public static bool TryReadName(JsonProperty member, out string name) => TryDecode(() => member.Name, out name);

    /// <summary>True for null and "", which count as absent.</summary>
    public static bool IsNone(JsonElement element) =>
        element.ValueKind == JsonValueKind.Null || (element.ValueKind == JsonValueKind.String && element.ValueEquals(""u8));

    private static bool TryDecode(Func<string> decode, out string text)
    {
        try
        {
            text = decode();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
