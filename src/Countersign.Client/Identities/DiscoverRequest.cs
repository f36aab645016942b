namespace Countersign.Client;

/// <summary>Whose attributes are looked for.</summary>
public sealed record DiscoverRequest
{
    /// <summary>The identity's id.</summary>
    /// <value>A UUID.</value>
    public required string ProveId { get; init; }

    /// <summary>Your id for this call.</summary>
    /// <value>At most 256 characters; no personal data: it stands in the URL.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The identity's id.</summary>
    public override string ToString() => $"{nameof(DiscoverRequest)} {{ ProveId = {ProveId} }}";
}
