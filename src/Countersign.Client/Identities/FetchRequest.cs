namespace Countersign.Client;

/// <summary>Which attribute of which identity is to be read.</summary>
public sealed record FetchRequest
{
    /// <summary>The identity's id.</summary>
    /// <value>A UUID.</value>
    public required string ProveId { get; init; }

    /// <summary>The attribute's id, as <see cref="IIdentityOperations.DiscoverAsync"/> found it.</summary>
    /// <value>A UUID.</value>
    public required string AttributeId { get; init; }

    /// <summary>Your id for this call.</summary>
    /// <value>At most 256 characters; no personal data: it stands in the URL.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>Both ids.</summary>
    public override string ToString() => $"{nameof(FetchRequest)} {{ ProveId = {ProveId}, AttributeId = {AttributeId} }}";
}
