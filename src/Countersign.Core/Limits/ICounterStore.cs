namespace Countersign.Core.Limits;

/// <summary>Keeps counters. Every write is durable before its task completes.</summary>
public interface ICounterStore
{
    /// <summary><see cref="Counter.Empty"/> where nothing is stored.</summary>
    Task<Counter> ReadAsync(CounterKey key, CancellationToken cancellationToken);

    /// <summary>Saves the counter if its stored version is still the one that was read. False, and nothing stored, if it is not.</summary>
    Task<bool> TrySaveAsync(CounterChange change, CancellationToken cancellationToken);

    /// <summary>Removes counters in which nothing counts any more, at most <paramref name="limit"/> of them, and says how many.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
