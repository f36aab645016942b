using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class CorrelationIdBody
{
    [JsonPropertyName("correlationId")]
    public required string CorrelationId { get; init; }
}

internal sealed class ChangeResponseBody
{
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public ChangeResponse? ToResponse() => Success is { } succeeded ? new ChangeResponse { Succeeded = succeeded } : null;
}

internal sealed class IdentityAttributeBody
{
    [JsonPropertyName("attributeType")]
    public string? AttributeType { get; init; }

    [JsonPropertyName("attributeValue")]
    public string? AttributeValue { get; init; }

    public static List<IdentityAttributeBody>? From(IReadOnlyList<IdentityAttributeEntry>? attributes) => WireLists.From(
        attributes,
        attribute => new IdentityAttributeBody { AttributeType = attribute.AttributeType, AttributeValue = attribute.AttributeValue });
}
