using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>The answer to a call that changes something and has nothing else to tell.</summary>
public sealed record ChangeResponse
{
    /// <summary>Whether the server did what was asked.</summary>
    [JsonPropertyName("success")]
    public required bool Succeeded { get; init; }

    /// <summary>Whether it was done.</summary>
    public override string ToString() => $"{nameof(ChangeResponse)} {{ Succeeded = {Succeeded} }}";
}
