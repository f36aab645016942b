using Countersign.Core.Pumping;

namespace Countersign.Core.Tests.Fakes;

internal sealed class MemoryTraffic : ITrafficStore
{
    private readonly Dictionary<TrafficKey, Dictionary<(DateTimeOffset At, long Item), TrafficCell>> _kept = [];

    public int Reads { get; private set; }

    /// <summary>How many proofs are counted under all keys.</summary>
    public long Proven => _kept.Values.SelectMany(cells => cells.Values).Sum(cell => cell.Proven);

    /// <summary>How many rows each write had.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>The next write fails.</summary>
    public bool FailsOnce { get; set; }

    /// <summary>What is waited for before these keys are read.</summary>
    public Func<IReadOnlyList<TrafficKey>, Task>? BeforeRead { get; set; }

    /// <summary>What is waited for before rows are written.</summary>
    public Func<Task>? BeforeWrite { get; set; }

    public async Task<IReadOnlyList<TrafficRow>> ReadAsync(
        IReadOnlyList<TrafficKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (BeforeRead is { } before)
        {
            await before(keys);
        }
        lock (_kept)
        {
            Reads++;
            return
            [
                .. from key in keys
                from cell in _kept.GetValueOrDefault(key, []).Values
                where cell.At + key.KeptFor > now
                select new TrafficRow(key, cell),
            ];
        }
    }

    public async Task AddAsync(IReadOnlyList<TrafficRow> counted, CancellationToken cancellationToken)
    {
        if (BeforeWrite is { } before)
        {
            await before();
        }
        lock (_kept)
        {
            if (FailsOnce)
            {
                FailsOnce = false;
                throw new InvalidOperationException("The store is away.");
            }
            Writes.Add(counted.Count);
            foreach (var (key, cell) in counted)
            {
                if (!_kept.TryGetValue(key, out var cells))
                {
                    _kept[key] = cells = [];
                }
                var former = cells.GetValueOrDefault((cell.At, cell.Item));
                cells[(cell.At, cell.Item)] = cell with { Asked = former.Asked + cell.Asked, Proven = former.Proven + cell.Proven };
            }
        }
    }

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

internal sealed class MemoryAbuse : IAbuseStore
{
    public List<AbuseEntry> Kept { get; } = [];

    /// <summary>What somebody else does once, just before the next entry is added.</summary>
    public Func<Task>? BeforeAdd { get; set; }

    private readonly Dictionary<AbuseKey, List<AbuseEntry>> _byKey = [];

    public Task<IReadOnlyList<AbuseEntry>> FindAsync(
        IReadOnlyList<AbuseKey> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AbuseEntry>>(
            [.. keys.SelectMany(key => _byKey.GetValueOrDefault(key, [])).Where(entry => entry.Until > now)]);

    public async Task<bool> TryAddAsync(AbuseEntry entry, CancellationToken cancellationToken)
    {
        if (BeforeAdd is { } other)
        {
            BeforeAdd = null;
            await other();
        }
        if (!_byKey.TryGetValue(entry.Key, out var entries))
        {
            _byKey[entry.Key] = entries = [];
        }
        if (entry.Finding is not null && entries.Exists(one => one.Finding?.Rule == entry.Rule && one.Until > entry.Since))
        {
            return false;
        }
        Kept.Add(entry);
        entries.Add(entry);
        return true;
    }

    public Task<IReadOnlyList<AbuseEntry>> ListAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

/// <summary>Keeps what it hears.</summary>
internal sealed class PumpingJournal : IPumpingJournal
{
    public List<AbuseEntry> Heard { get; } = [];

    public void Found(AbuseEntry entry) => Heard.Add(entry);
}

internal sealed class MemoryChallenges : ITakenChallenges
{
    private readonly HashSet<(ProjectId, string)> _taken = [];

    public Task<bool> TryTakeAsync(
        ProjectId project, string id, SecretHash? call, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(_taken.Add((project, id)));

    public Task<int> RemoveExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
