namespace Countersign.Core.Projects;

/// <summary>
/// Ids of assertions by which clients have shown who they are, so that one that was listened to is of no use a second time.
/// </summary>
public interface ITakenAssertions
{
    /// <summary>Takes an id for a client; false when it was taken before, by whatever node. Durable when this returns.</summary>
    /// <param name="expiresAt">When the assertion is of no use by itself.</param>
    Task<bool> TryTakeAsync(ClientId clientId, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Forgets those that are of no use by themselves.</summary>
    /// <returns>How many, at most <paramref name="limit"/>.</returns>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}
