using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>A person who is enrolled.</summary>
public sealed record EnrolResponse
{
    /// <summary>Whether the person is enrolled.</summary>
    [JsonPropertyName("success")]
    public required bool Succeeded { get; init; }

    /// <summary>The identity's id.</summary>
    /// <value>A UUID.</value>
    public required string ProveId { get; init; }

    /// <summary>The result and the id.</summary>
    public override string ToString() => $"{nameof(EnrolResponse)} {{ Succeeded = {Succeeded}, ProveId = {ProveId} }}";
}
