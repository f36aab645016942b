using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>What else is known of how possession was shown.</summary>
public sealed record PossessionAssurance
{
    /// <summary>
    /// Whether the link was confirmed by the very browser, at the same address, that began the flow: the text has reached the phone, but a
    /// second device has not been shown.
    /// </summary>
    [JsonPropertyName("sameDevice")]
    public bool IsSameDevice { get; init; }

    /// <inheritdoc/>
    public override string ToString() => IsSameDevice ? "same device" : "";
}
