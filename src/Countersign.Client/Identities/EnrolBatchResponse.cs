using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>Who of a batch is enrolled.</summary>
public sealed record EnrolBatchResponse
{
    /// <summary>An id or an error for each item, in the order of the request.</summary>
    [JsonRequired]
    public IReadOnlyList<EnrolBatchResult> Results { get; init => field = value ?? []; } = [];

    /// <summary>How many results there are.</summary>
    public override string ToString() => $"{nameof(EnrolBatchResponse)} {{ Results = {Results.Count} }}";
}

/// <summary>Whether one person of a batch is enrolled.</summary>
public sealed record EnrolBatchResult
{
    /// <summary>The identity's id; null when the person is not enrolled.</summary>
    /// <value>A UUID.</value>
    public string? ProveId { get; init; }

    /// <summary>Why the person is not enrolled; null when they are.</summary>
    public string? Error { get; init => field = WireText.OrNull(value); }

    /// <summary>The id, and whether there is an error.</summary>
    public override string ToString() => $"{nameof(EnrolBatchResult)} {{ ProveId = {ProveId}, Error = {Mask.Presence(Error)} }}";
}
