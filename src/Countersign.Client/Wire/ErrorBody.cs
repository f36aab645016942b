using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

internal sealed class ErrorBody
{
    [JsonPropertyName("code")]
    public int? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}
