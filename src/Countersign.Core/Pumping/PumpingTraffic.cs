using System.Runtime.InteropServices;

namespace Countersign.Core.Pumping;

/// <summary>
/// Counts in memory and writes what was counted a little later. What other nodes have counted is read again after some seconds: rules look
/// at minutes and days, so no text waits for a write.
/// </summary>
public sealed class PumpingTraffic(ITrafficStore store, TimeProvider time)
{
    /// <summary>What a node may not know of the others, and what it loses when its process dies.</summary>
    public static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _freshness = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<TrafficKey, Known> _known = [];
    private Dictionary<TrafficKey, Cells> _unwritten = [];

    // What is read and what is written must not cross: else a count would be added to itself.
    private SemaphoreSlim Door { get; } = new(1);

    /// <summary>How many keys are known; <see cref="ForgetExpired"/> makes it smaller.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>
    /// Lets a decision look at what was counted and count: no other of this node comes between.
    /// </summary>
    /// <param name="keys">What it looks at, at most <see cref="ITrafficStore.MaxKeys"/>.</param>
    public async ValueTask<T> DecideAsync<T>(
        IReadOnlyList<TrafficKey> keys, Func<Session, T> decide, CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (StaleOf(keys).Count == 0)
                {
                    return decide(new Session(this));
                }
            }
            await LoadAsync(keys, cancellationToken);
        }
    }

    public void Add(TrafficKey key, DateTimeOffset at, long item, long asked, long proven)
    {
        lock (_lock)
        {
            var cell = key.CellOf(at);
            OfKey(_unwritten, key).Add(new TrafficCell(cell, item, asked, proven));
            if (_known.TryGetValue(key, out var known))
            {
                known.Cells.Add(new TrafficCell(cell, item, asked, proven));
            }
        }
    }

    /// <summary>Writes what was counted since. What could not be written is kept for the next time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await Door.WaitAsync(cancellationToken);
        try
        {
            Dictionary<TrafficKey, Cells> written;
            lock (_lock)
            {
                (written, _unwritten) = (_unwritten, []);
            }
            try
            {
                if (written.Count > 0)
                {
                    await store.AddAsync(
                        [.. written.SelectMany(one => one.Value.All.Select(cell => new TrafficRow(one.Key, cell)))],
                        CancellationToken.None);
                }
            }
            catch
            {
                lock (_lock)
                {
                    foreach (var (key, cells) in written)
                    {
                        OfKey(_unwritten, key).Add(cells);
                    }
                }
                throw;
            }
        }
        finally
        {
            Door.Release();
        }
    }

    /// <summary>Forgets what nobody has looked at lately; it is read again when somebody does.</summary>
    public void ForgetExpired()
    {
        lock (_lock)
        {
            foreach (var key in _known.Where(one => !IsFresh(one.Value)).Select(one => one.Key).ToList())
            {
                _known.Remove(key);
            }
        }
    }

    private async Task LoadAsync(IReadOnlyList<TrafficKey> keys, CancellationToken cancellationToken)
    {
        await Door.WaitAsync(cancellationToken);
        try
        {
            List<TrafficKey> stale;
            lock (_lock)
            {
                stale = StaleOf(keys);
            }
            if (stale.Count == 0)
            {
                return;
            }
            var now = time.GetUtcNow();
            var rows = await store.ReadAsync(stale, now, cancellationToken);
            lock (_lock)
            {
                foreach (var key in stale)
                {
                    _known[key] = new Known(now);
                    if (_unwritten.TryGetValue(key, out var unwritten))
                    {
                        _known[key].Cells.Add(unwritten);
                    }
                }
                var (last, cells) = (stale[0], _known[stale[0]].Cells);
                foreach (var (key, cell) in rows)
                {
                    // A country has hundreds, one after another.
                    (last, cells) = key == last ? (last, cells) : (key, _known[key].Cells);
                    cells.Add(cell);
                }
            }
        }
        finally
        {
            Door.Release();
        }
    }

    private List<TrafficKey> StaleOf(IReadOnlyList<TrafficKey> keys) =>
        [.. keys.Where(key => !_known.TryGetValue(key, out var known) || !IsFresh(known))];

    // The clock of the sandbox may be moved, to and fro.
    private bool IsFresh(Known known) => (time.GetUtcNow() - known.ReadAt).Duration() < _freshness;

    /// <summary>What a decision may do.</summary>
    public sealed class Session
    {
        private readonly PumpingTraffic _traffic;

        internal Session(PumpingTraffic traffic) => _traffic = traffic;

        public IEnumerable<TrafficCell> CellsOf(TrafficKey key) => _traffic._known[key].Cells.All;

        public void Add(TrafficKey key, DateTimeOffset at, long item) => _traffic.Add(key, at, item, asked: 1, proven: 0);
    }

    private static Cells OfKey(Dictionary<TrafficKey, Cells> all, TrafficKey key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(all, key, out _) ??= new Cells();

    private sealed record Known(DateTimeOffset ReadAt)
    {
        public Cells Cells { get; } = new();
    }

    /// <summary>What was counted under one key.</summary>
    private sealed class Cells
    {
        private readonly Dictionary<(DateTimeOffset At, long Item), TrafficCell> _cells = [];

        public IEnumerable<TrafficCell> All => _cells.Values;

        public void Add(TrafficCell cell)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, (cell.At, cell.Item), out _);
            sum = cell with { Asked = sum.Asked + cell.Asked, Proven = sum.Proven + cell.Proven };
        }

        public void Add(Cells others)
        {
            foreach (var cell in others.All)
            {
                Add(cell);
            }
        }
    }
}
