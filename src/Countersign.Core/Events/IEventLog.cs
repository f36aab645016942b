namespace Countersign.Core.Events;

/// <summary>
/// The events of all projects in one order. What is announced waits in an outbox, where it is stored with what makes it true; publishing
/// gives it its place.
/// </summary>
public interface IEventLog
{
    /// <summary>
    /// Gives places to what waits, and lets each webhook of its project that wants it have it: all in one transaction, and one of those
    /// after another over all nodes. So who has seen a place has seen, or can see, everything before it.
    /// </summary>
    Task PublishAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A project's events behind a place, in their order.</summary>
    /// <param name="after">The place; 0 for all that are kept.</param>
    /// <param name="flow">Of this flow alone; null for all.</param>
    Task<IReadOnlyList<PublishedEvent>> ListAsync(
        ProjectId project, long after, CorrelationId? flow, int limit, CancellationToken cancellationToken);

    /// <summary>Returns null when the project has no such event, or no more.</summary>
    Task<PublishedEvent?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken);

    /// <summary>Removes the oldest events that happened before the given moment, at most <paramref name="limit"/> of them, and what was
    /// still to be done with them; says how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
