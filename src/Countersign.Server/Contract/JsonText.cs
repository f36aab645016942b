using System.Text.Json;

namespace Countersign.Server.Contract;

/// <summary>The texts of a JSON body. An escaped half of a surrogate pair ("\ud800") is well-formed JSON but no text.</summary>
internal static class JsonText
{
    public static bool TryRead(JsonElement element, out string text)
    {
        text = "";
        return element.ValueKind == JsonValueKind.String && TryDecode(() => element.GetString()!, out text);
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
