using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>Which attributes an identity has.</summary>
public sealed record DiscoverResponse
{
    /// <summary>The attributes; empty when there are none, never null.</summary>
    [JsonRequired]
    public IReadOnlyList<DiscoverResult> Results { get; init => field = value ?? []; } = [];

    /// <summary>How many there are.</summary>
    public override string ToString() => $"{nameof(DiscoverResponse)} {{ Results = {Results.Count} }}";
}

/// <summary>An attribute without its value.</summary>
public sealed record DiscoverResult
{
    /// <summary>The attribute's id, for <see cref="IIdentityOperations.FetchAsync"/>.</summary>
    /// <value>A UUID.</value>
    public required string AttributeId { get; init; }

    /// <summary>Who issued it; null when the server does not say.</summary>
    public string? IssuerId { get; init; }

    /// <summary>Both ids.</summary>
    public override string ToString() => $"{nameof(DiscoverResult)} {{ AttributeId = {AttributeId}, IssuerId = {IssuerId} }}";
}
