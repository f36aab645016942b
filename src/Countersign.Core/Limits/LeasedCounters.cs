using System.Collections.Concurrent;

namespace Countersign.Core.Limits;

/// <summary>
/// Counts what many calls at once share, such as the texts of one API client: a node takes a block of the limit and hands it out from
/// memory. A block is one at first and doubles while it is used up quickly, up to a tenth of the limit.
/// </summary>
/// <remarks>
/// A block is charged at the end of the tenth of a window in which it may be used: no window ever holds more than the limit, whichever
/// node hands out what. What is left of a block then is lost, at most a tenth of the limit for each node.
/// </remarks>
public sealed class LeasedCounters(ICounterStore counters, Turns turns, TimeProvider time)
{
    private const int Parts = 10;

    // Who only asks whether there is one left is told what was so then: whoever takes one finds what other nodes have taken since.
    private static readonly TimeSpan _freshFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<CounterKey, Lease> _leases = [];

    /// <summary>How many keys are known; <see cref="ForgetExpired"/> makes it smaller.</summary>
    public int Count => _leases.Count;

    /// <summary>Takes one of a limit.</summary>
    /// <returns>Null when there was one left.</returns>
    public ValueTask<LimitReached?> TakeAsync(CounterKey key, Limit limit, CancellationToken cancellationToken) =>
        AskAsync(key, limit, isTaken: true, cancellationToken);

    /// <summary>Is one of a limit left?</summary>
    /// <returns>Null when there is.</returns>
    public ValueTask<LimitReached?> JudgeAsync(CounterKey key, Limit limit, CancellationToken cancellationToken) =>
        AskAsync(key, limit, isTaken: false, cancellationToken);

    /// <summary>Forgets blocks that may be used no more.</summary>
    public void ForgetExpired(DateTimeOffset now)
    {
        foreach (var (key, lease) in _leases)
        {
            // One that is in use is not waited for: it is not expired.
            if (lease.KnownUntil < now && !(lease.Reached?.Until > now) && lease.Door.CurrentCount > 0)
            {
                _leases.TryRemove(KeyValuePair.Create(key, lease));
            }
        }
    }

    private async ValueTask<LimitReached?> AskAsync(CounterKey key, Limit limit, bool isTaken, CancellationToken cancellationToken)
    {
        var lease = _leases.GetOrAdd(key, _ => new Lease());
        await lease.Door.WaitAsync(cancellationToken);
        try
        {
            // Not before it is this call's turn.
            var now = time.GetUtcNow();
            if (lease.Left > 0 && now < lease.Until)
            {
                lease.Left -= isTaken ? 1 : 0;
                return null;
            }
            if (lease.Reached is { } known && now < known.Until)
            {
                return known;
            }
            if (isTaken)
            {
                return lease.Reached = await RenewAsync(lease, key, limit, now, cancellationToken);
            }
            if (lease.Read is null || now - lease.ReadAt >= _freshFor)
            {
                (lease.Read, lease.ReadAt) = (await counters.ReadAsync(key, cancellationToken), now);
            }
            return lease.Reached = limit.Judge(lease.Read, 0, 1, now);
        }
        finally
        {
            lease.Door.Release();
        }
    }

    private async Task<LimitReached?> RenewAsync(
        Lease lease, CounterKey key, Limit limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var part = limit.Window / Parts;
        var block = lease.Left == 0 && now < lease.KnownUntil ? Math.Min(2 * lease.Block, Math.Max(1, limit.Max / Parts)) : 1;
        var turn = turns.Begin(Turns.CallTimeout);
        for (var conflicts = 1; ; conflicts++)
        {
            // Where somebody has written since, the save finds it.
            var counter = lease.Read ?? await counters.ReadAsync(key, cancellationToken);
            lease.Read = null;
            if (limit.Judge(counter, 0, block, now) is { } reached)
            {
                if (block == 1)
                {
                    return reached;
                }
                (block, lease.Read) = (1, counter);
                continue;
            }
            var charge = new Charge(block == 1 ? now : now + part, block, Project: 0);
            var change = new CounterChange(counter, counter.With(charge, limit.Window, now), limit.Window);
            if (await counters.TrySaveAsync(change, CancellationToken.None))
            {
                (lease.Left, lease.Until, lease.KnownUntil, lease.Block) = (block - 1, charge.At, now + part, block);
                return null;
            }
            await turns.PauseAsync(conflicts, turn, cancellationToken);
        }
    }

    private sealed class Lease
    {
        public SemaphoreSlim Door { get; } = new(1);

        /// <summary>How many may be handed out until <see cref="Until"/>.</summary>
        public long Left { get; set; }

        public DateTimeOffset Until { get; set; }

        /// <summary>Whoever comes before this moment finds that the block was used up quickly.</summary>
        public DateTimeOffset KnownUntil { get; set; }

        public long Block { get; set; } = 1;

        /// <summary>Why there is none; null when there may be.</summary>
        public LimitReached? Reached { get; set; }

        /// <summary>As it was read to judge, for who takes one next; null when somebody has.</summary>
        public Counter? Read { get; set; }

        /// <summary>When it was.</summary>
        public DateTimeOffset ReadAt { get; set; }
    }
}
