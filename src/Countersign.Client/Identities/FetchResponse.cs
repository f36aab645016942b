using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>What an attribute is worth.</summary>
public sealed record FetchResponse
{
    /// <summary>The values; empty when there are none, never null.</summary>
    [JsonRequired]
    public IReadOnlyList<FetchResult> Results { get; init => field = value ?? []; } = [];

    /// <summary>How many there are.</summary>
    public override string ToString() => $"{nameof(FetchResponse)} {{ Results = {Results.Count} }}";
}

/// <summary>An attribute with its value.</summary>
public sealed record FetchResult
{
    /// <summary>The attribute's id.</summary>
    /// <value>A UUID.</value>
    public required string AttributeId { get; init; }

    /// <summary>Who issued it; null when the server does not say.</summary>
    public string? IssuerId { get; init; }

    /// <summary>The value; null when the server does not say.</summary>
    public string? AttributeValue { get; init; }

    /// <summary>Both ids, without the value.</summary>
    public override string ToString() => $"{nameof(FetchResult)} {{ AttributeId = {AttributeId}, IssuerId = {IssuerId} }}";
}
