namespace Countersign.Core.Events;

/// <summary>An event that has its place in the order of all.</summary>
/// <param name="Position">Counted over the whole server, and never told: a relying party would read from it what others do.</param>
/// <param name="Sequence">Counts the events of one flow, from 1; null for one of no flow.</param>
public sealed record PublishedEvent(Announcement Announcement, long Position, long? Sequence)
{
    public override string ToString() => Announcement.Type;
}
