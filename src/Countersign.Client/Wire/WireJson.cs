using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyRequestBody))]
[JsonSerializable(typeof(VerifyResponseBody))]
[JsonSerializable(typeof(VerifyStatusRequestBody))]
[JsonSerializable(typeof(VerifyStatusResponseBody))]
[JsonSerializable(typeof(TokenResponseBody))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// Writes '+' and letters outside ASCII as they are. No page embeds these bodies, and six bytes for each letter of a text message
    /// would come near the contract's 4096 bytes for a body.
    /// </summary>
    public static WireJson Instance { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
