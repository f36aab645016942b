using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

internal sealed class TokenResponseBody
{
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    [JsonPropertyName("token_type")]
    public string? TokenType { get; init; }

    /// <summary>Seconds; null when the answer has none, or none that is understood.</summary>
    [JsonPropertyName("expires_in"), JsonConverter(typeof(LenientSeconds))]
    public double? ExpiresIn { get; init; }
}
