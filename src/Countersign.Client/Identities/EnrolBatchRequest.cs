namespace Countersign.Client;

/// <summary>Who is to be enrolled in one batch.</summary>
public sealed record EnrolBatchRequest
{
    /// <summary>The people.</summary>
    /// <value>1 to 100, in at most 128 KiB.</value>
    public required IReadOnlyList<EnrolRequest> Items { get; init; }

    /// <summary>Your id for this batch.</summary>
    /// <value>At most 256 characters; no personal data.</value>
    public string? ClientRequestId { get; init; }

    /// <summary>How many there are.</summary>
    public override string ToString() => $"{nameof(EnrolBatchRequest)} {{ Items = {Items?.Count} }}";
}
