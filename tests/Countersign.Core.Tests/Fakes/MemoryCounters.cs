using Countersign.Core.Limits;

namespace Countersign.Core.Tests.Fakes;

internal sealed class MemoryCounters : ICounterStore
{
    private readonly Dictionary<CounterKey, Counter> _kept = [];

    public int Saves { get; private set; }

    public Task<Counter> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        Task.FromResult(_kept.GetValueOrDefault(key, Counter.Empty(key)));

    public Task<bool> TrySaveAsync(CounterChange change, CancellationToken cancellationToken)
    {
        var key = change.Before.Key;
        var isUnchanged = _kept.GetValueOrDefault(key, Counter.Empty(key)).Version == change.Before.Version;
        if (isUnchanged)
        {
            Saves++;
            _kept[key] = change.After with { Version = change.Before.Version + 1 };
        }
        return Task.FromResult(isUnchanged);
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
