namespace Countersign.Client.Wire;

// What has no public type of the same shape. Classes, not records: a record would print the person it holds.

/// <summary>The question how a flow stands.</summary>
internal sealed class CorrelationIdBody
{
    public required string CorrelationId { get; init; }
}

/// <summary>A search and what narrows it, in one object.</summary>
internal sealed class SearchFlowsBody
{
    public string? ClientRequestId { get; init; }

    public string? ClientCustomerId { get; init; }

    public string? PhoneNumber { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public string? End { get; init; }

    public string? Reason { get; init; }

    public string? Product { get; init; }

    public string? State { get; init; }

    public int? Limit { get; init; }

    public string? Cursor { get; init; }
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
