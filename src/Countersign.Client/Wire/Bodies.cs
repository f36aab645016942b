namespace Countersign.Client.Wire;

// What has no public type of the same shape. Classes, not records: a record would print the person it holds.

/// <summary>The question how a flow stands.</summary>
internal sealed class CorrelationIdBody
{
    public required string CorrelationId { get; init; }
}

/// <summary>Either of count and list may be missing.</summary>
internal sealed class CrossDomainBody
{
    public int? Count { get; init; }

    public IReadOnlyList<CrossDomainIdentity>? Identities { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public CrossDomainResponse? ToResponse() => Identities is null && Count is null
        ? null
        : new CrossDomainResponse { Count = Count ?? Identities!.Count, Identities = Identities ?? [] };
}
