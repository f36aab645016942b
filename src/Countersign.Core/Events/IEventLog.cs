namespace Countersign.Core.Events;

/// <summary>
/// The events of all projects in one order. What is announced waits in an outbox, where it is stored with what makes it true; publishing
/// gives it its place.
/// </summary>
public interface IEventLog
{
    /// <summary>
    /// Gives places to what waits, and lets each webhook of its project that wants it have it: all in one transaction, and one of those
    /// after another over all nodes. So who has seen a place has seen, or can see, everything before it. Ends after some thousands, also
    /// while more comes in all the time.
    /// </summary>
    Task PublishAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A project's events behind a place, in their order.</summary>
    /// <param name="after">The place; 0 for all that are kept.</param>
    /// <param name="flow">Of this flow alone; null for all.</param>
    /// <param name="limit">From 1.</param>
    Task<EventPage> ListAsync(
        ProjectId project, long after, CorrelationId? flow, int limit, CancellationToken cancellationToken);

    /// <summary>An event's place, whether it can be read or not; null when the project has no such event, or no more.</summary>
    Task<long?> FindPlaceAsync(ProjectId project, Guid id, CancellationToken cancellationToken);

    /// <summary>Removes the oldest events that happened before the given moment, at most <paramref name="limit"/> of them, and what was
    /// still to be done with them; says how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <summary>A piece of the list.</summary>
/// <param name="Events">Without those that cannot be read: they do not keep anybody from those behind them.</param>
/// <param name="Last">What to go on behind, an event that cannot be read too; null where there is none.</param>
/// <param name="HasMore">Whether there are more behind it.</param>
public sealed record EventPage(IReadOnlyList<PublishedEvent> Events, Guid? Last, bool HasMore)
{
    public override string ToString() => $"{Events.Count} events";
}
