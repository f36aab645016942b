using Countersign.Core.Limits;

namespace Countersign.Core.Tests.Fakes;

internal sealed class MemoryCounters : ICounterStore
{
    private readonly Dictionary<CounterKey, Counter> _kept = [];

    public int Saves { get; private set; }

    /// <summary>What somebody else does once, just before the next save.</summary>
    public Func<Task>? BeforeSave { get; set; }

    public Task<Counter> ReadAsync(CounterKey key, CancellationToken cancellationToken) =>
        Task.FromResult(_kept.GetValueOrDefault(key, Counter.Empty(key)));

    public async Task<bool> TrySaveAsync(CounterChange change, CancellationToken cancellationToken)
    {
        if (BeforeSave is { } other)
        {
            BeforeSave = null;
            await other();
        }
        var key = change.Before.Key;
        var isUnchanged = _kept.GetValueOrDefault(key, Counter.Empty(key)).Version == change.Before.Version;
        if (isUnchanged)
        {
            Saves++;
            _kept[key] = change.After with { Version = change.Before.Version + 1 };
        }
        return isUnchanged;
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
