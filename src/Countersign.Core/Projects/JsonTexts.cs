using System.Buffers.Text;
using System.Text.Json;

namespace Countersign.Core.Projects;

/// <summary>Texts in JSON of a client's making.</summary>
internal static class JsonTexts
{
    /// <summary>Null for what is no text; half of a pair of UTF-16 makes it none.</summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Null for what is no base64url, which has no padding and no white space (RFC 7515, section 2).</summary>
    public static byte[]? ReadBytes(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') && Base64Url.IsValid(text)
            ? Base64Url.DecodeFromChars(text)
            : null;
}
