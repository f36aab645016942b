namespace Countersign.Core.Pumping;

/// <summary>Keeps what all nodes have counted.</summary>
public interface ITrafficStore
{
    /// <summary>What may still count of these keys. What is older than two hours is answered by the hour.</summary>
    /// <param name="keys">At most <see cref="MaxKeys"/>.</param>
    Task<IReadOnlyList<TrafficRow>> ReadAsync(IReadOnlyList<TrafficKey> keys, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Adds to what is stored. Durable before its task completes.</summary>
    Task AddAsync(IReadOnlyList<TrafficRow> counted, CancellationToken cancellationToken);

    /// <summary>Removes what counts no more, at most <paramref name="limit"/> rows, and says how many.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The keys of a text.</summary>
    const int MaxKeys = 4;
}

/// <summary>Keeps what rules have found and administrators have said. Every write is durable before its task completes.</summary>
public interface IAbuseStore
{
    /// <summary>What holds at this moment for any of these targets, each without its label.</summary>
    /// <param name="keys">One to <see cref="MaxKeys"/>.</param>
    Task<IReadOnlyList<AbuseEntry>> FindAsync(IReadOnlyList<AbuseKey> keys, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Adds an entry. Of a rule's holds there is one at a time for each target, whoever finds it, on whatever node.</summary>
    /// <returns>False, and nothing stored, when the same rule holds the target already.</returns>
    Task<bool> TryAddAsync(AbuseEntry entry, CancellationToken cancellationToken);

    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<AbuseEntry>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what was over before, at most <paramref name="limit"/> entries, and says how many.
    /// </summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>A number, how it begins (three to eleven digits), an address, a country.</summary>
    const int MaxKeys = 12;
}

/// <summary>Hears of what rules find, for those who operate this: it writes down what, not whose.</summary>
public interface IPumpingJournal
{
    void Found(AbuseEntry entry);
}
