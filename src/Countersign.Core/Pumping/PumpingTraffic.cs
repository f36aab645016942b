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

    // On SQLite a write holds the one writer: so many rows take some milliseconds.
    private const int RowsAtOnce = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<TrafficKey, Known> _known = [];
    private readonly Dictionary<TrafficKey, Cells> _unwritten = [];

    /// <summary>
    /// Keys that are being read or written, and when that is over. Reading and writing of one key must not cross, else a count would be
    /// added to itself; of different keys they do not wait for each other.
    /// </summary>
    private readonly Dictionary<TrafficKey, Task> _busy = [];

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

    /// <summary>Writes what was counted until now. What could not be written is kept for the next time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        HashSet<TrafficKey> left;
        lock (_lock)
        {
            left = [.. _unwritten.Keys];
        }
        while (left.Count > 0)
        {
            var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            List<TrafficRow> rows;
            Task? inTheWay;
            lock (_lock)
            {
                rows = Take(left, over.Task, out inTheWay);
            }
            if (rows.Count > 0)
            {
                await WriteAsync(rows, over);
            }
            else if (inTheWay is not null)
            {
                await inTheWay.WaitAsync(cancellationToken);
            }
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

    private async Task WriteAsync(List<TrafficRow> rows, TaskCompletionSource over)
    {
        try
        {
            await store.AddAsync(rows, CancellationToken.None);
        }
        catch
        {
            lock (_lock)
            {
                foreach (var (key, cell) in rows)
                {
                    OfKey(_unwritten, key).Add(cell);
                }
            }
            throw;
        }
        finally
        {
            Leave(rows.Select(row => row.Key), over);
        }
    }

    /// <summary>Takes what is to be written next, and makes its keys busy.</summary>
    /// <param name="left">What is still to be written; what is taken to its end goes out of it.</param>
    /// <param name="inTheWay">Something that is busy with a key that is left.</param>
    private List<TrafficRow> Take(HashSet<TrafficKey> left, Task over, out Task? inTheWay)
    {
        inTheWay = null;
        List<TrafficRow> rows = [];
        foreach (var key in left.ToList())
        {
            if (rows.Count == RowsAtOnce)
            {
                break;
            }
            if (_busy.TryGetValue(key, out var other))
            {
                inTheWay = other;
                continue;
            }
            // Another flush may have taken it.
            if (_unwritten.TryGetValue(key, out var cells))
            {
                _busy[key] = over;
                rows.AddRange(cells.Take(RowsAtOnce - rows.Count).Select(cell => new TrafficRow(key, cell)));
                if (!cells.IsEmpty)
                {
                    continue;
                }
                _unwritten.Remove(key);
            }
            left.Remove(key);
        }
        return rows;
    }

    /// <summary>Reads what is not known, but for what others are busy with, and waits for them.</summary>
    private async Task LoadAsync(IReadOnlyList<TrafficKey> keys, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<TrafficKey> own;
        List<Task> others;
        lock (_lock)
        {
            var stale = StaleOf(keys);
            own = stale.FindAll(key => !_busy.ContainsKey(key));
            others = [.. stale.Except(own).Select(key => _busy[key])];
            own.ForEach(key => _busy[key] = over.Task);
        }
        try
        {
            if (own.Count > 0)
            {
                var now = time.GetUtcNow();
                Know(own, await store.ReadAsync(own, now, cancellationToken), now);
            }
        }
        finally
        {
            Leave(own, over);
        }
        await Task.WhenAll(others).WaitAsync(cancellationToken);
    }

    private void Know(List<TrafficKey> keys, IReadOnlyList<TrafficRow> rows, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var key in keys)
            {
                _known[key] = new Known(now);
                if (_unwritten.TryGetValue(key, out var unwritten))
                {
                    _known[key].Cells.Add(unwritten);
                }
            }
            var (last, cells) = (keys[0], _known[keys[0]].Cells);
            foreach (var (key, cell) in rows)
            {
                // A country has hundreds, one after another.
                (last, cells) = key == last ? (last, cells) : (key, _known[key].Cells);
                cells.Add(cell);
            }
        }
    }

    private void Leave(IEnumerable<TrafficKey> keys, TaskCompletionSource over)
    {
        lock (_lock)
        {
            foreach (var key in keys)
            {
                _busy.Remove(key);
            }
        }
        over.SetResult();
    }

    // What somebody is busy with is good enough as it was some seconds ago: only what is not known at all is waited for.
    private List<TrafficKey> StaleOf(IReadOnlyList<TrafficKey> keys) =>
        [.. keys.Where(key => !_known.TryGetValue(key, out var known) || (!IsFresh(known) && !_busy.ContainsKey(key)))];

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

        public bool IsEmpty => _cells.Count == 0;

        /// <summary>Takes so many out, or all.</summary>
        public List<TrafficCell> Take(int max)
        {
            List<TrafficCell> taken = [.. _cells.Values.Take(max)];
            taken.ForEach(cell => _cells.Remove((cell.At, cell.Item)));
            return taken;
        }

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
