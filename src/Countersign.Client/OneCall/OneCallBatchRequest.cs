namespace Countersign.Client;

/// <summary>Who is to be verified in one batch.</summary>
public sealed record OneCallBatchRequest
{
    /// <summary>Your id for this batch.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>The people, each with what they are to be verified for.</summary>
    /// <value>1 to 1000, in at most one MiB.</value>
    public required IReadOnlyList<OneCallRequest> Items { get; init; }

    /// <summary>How many there are.</summary>
    public override string ToString() => $"{nameof(OneCallBatchRequest)} {{ Items = {Items?.Count} }}";
}
