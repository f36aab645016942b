namespace Countersign.Core.Events;

/// <summary>An event that has its place in the order of all.</summary>
/// <param name="Position">Counted over the whole server, and never told: a relying party would read from it what others do.</param>
/// <param name="Sequence">Counts the events of one flow, from 1; null for one of no flow.</param>
public sealed record PublishedEvent(Announcement Announcement, long Position, long? Sequence)
{
    /// <summary>
    /// What the relying party calls the flow; null where it gave no such id, and where the flow is not remembered any more.
    /// </summary>
    public string? ClientRequestId { get; init; }

    /// <param name="ids">What relying parties call their flows.</param>
    public PublishedEvent OfRequest(IReadOnlyDictionary<CorrelationId, string> ids) =>
        Announcement.Flow is { } flow && ids.TryGetValue(flow, out var id) ? this with { ClientRequestId = id } : this;

    public override string ToString() => Announcement.Type;
}
