using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;

namespace Countersign.Core.Audit;

/// <summary>
/// Writes down what was done. An entry is durable before its caller goes on, and waits to be linked: nobody waits for the chain. It is
/// also kept here until it is linked, so that one that is taken away before is written again.
/// </summary>
public sealed class AuditWriter(IAuditStore store, TimeProvider time, IAuditJournal journal)
{
    // Longer than any write is waited for.
    private static readonly TimeSpan _settledAfter = TimeSpan.FromSeconds(15);

    // Long enough that a chainer which has much to do is not disturbed.
    private static readonly TimeSpan _stuckAfter = TimeSpan.FromMinutes(5);

    /// <summary>A server has started.</summary>
    public const string StartAct = "start";

    /// <summary>The actor of what nobody asked for.</summary>
    public const string Server = "server";

    private readonly ConcurrentDictionary<long, Kept> _kept = [];
    private long _number;

    /// <summary>This run of this server.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Writes down what was done, or is about to be given out.</summary>
    /// <exception cref="UnavailableException">The store is away: it must not be done.</exception>
    public Task AddAsync(params IReadOnlyList<AuditAct> acts) =>
        acts.Count == 0 ? Task.CompletedTask : PutAsync([.. acts.Select(New)]);

    /// <summary>Writes down that something is about to be done. It is to be ended, whatever comes of it.</summary>
    /// <exception cref="UnavailableException">The store is away: it must not be done.</exception>
    public async Task<AuditEntry> BeginAsync(AuditAct act)
    {
        var entry = New(act with { Outcome = AuditOutcome.Open });
        await PutAsync([entry]);
        return entry;
    }

    /// <summary>Writes down what came of it. While the store is away it is kept, and written later.</summary>
    /// <exception cref="UnavailableException">The store is away: the caller must not be told that it was done.</exception>
    public async Task EndAsync(AuditEntry begun, AuditAct ended)
    {
        var entry = begun.Ended(ended);
        _kept[entry.Number] = new Kept(entry, time.GetTimestamp(), WasStored: false);
        if (await store.PutAsync([entry], CancellationToken.None) > 0)
        {
            _kept[entry.Number] = new Kept(entry, time.GetTimestamp(), WasStored: true);
            return;
        }
        // It took so long that it was linked as one that nobody ended.
        var number = string.Create(CultureInfo.InvariantCulture, $"{entry.Writer}:{entry.Number}");
        await AddAsync(ended with { Asked = [.. ended.Asked, new AuditValue("endOf", number)] });
    }

    /// <summary>An entry of this writer that another write is to store, together with what it is about.</summary>
    public AuditEntry New(AuditAct act)
    {
        var entry = AuditEntry.Of(Id, Interlocked.Increment(ref _number), time.GetUtcNow(), act);
        _kept[entry.Number] = new Kept(entry, time.GetTimestamp(), WasStored: false);
        return entry;
    }

    /// <summary>Forgets what is linked, and writes again what is not there, or not as it ended.</summary>
    public async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        const int AtOnce = 1000;
        // Numbers that are taken from here on are younger than any that is looked at.
        var settled = _kept.Values.Where(kept => time.GetElapsedTime(kept.Since) >= _settledAfter).ToList();
        var there = new Dictionary<long, AuditStanding>();
        for (var from = _kept.IsEmpty ? 0 : _kept.Keys.Min(); from > 0;)
        {
            var page = await store.ListNumbersAsync(Id, from, AtOnce, cancellationToken);
            foreach (var (number, standing) in page)
            {
                there[number] = standing;
                if (standing == AuditStanding.Linked)
                {
                    _kept.TryRemove(number, out _);
                }
            }
            from = page.Count == AtOnce ? page[^1].Number + 1 : 0;
        }
        var missing = settled.Where(kept => there.TryGetValue(kept.Entry.Number, out var standing)
            ? standing == AuditStanding.Open ? kept.Entry.Act.Outcome != AuditOutcome.Open
                // Somebody has changed what waits, so that nobody can link it.
                : standing == AuditStanding.Waiting && time.GetElapsedTime(kept.Since) >= _stuckAfter
            : _kept.ContainsKey(kept.Entry.Number)).ToList();
        if (missing.Count == 0)
        {
            return;
        }
        await store.PutAsync([.. missing.Select(kept => kept.Entry)], cancellationToken);
        if (missing.Count(kept => kept.WasStored) is > 0 and var removed)
        {
            journal.WrittenAgain(removed);
        }
        foreach (var kept in missing)
        {
            _kept[kept.Entry.Number] = kept with { WasStored = true, Since = time.GetTimestamp() };
        }
    }

    // Begun writes are finished: what was given out must not be without its entry because somebody hung up.
    private async Task PutAsync(AuditEntry[] entries)
    {
        try
        {
            await store.PutAsync(entries, CancellationToken.None);
        }
        catch
        {
            // Nobody does what could not be written down. Its number stays taken, and says so when the store is back.
            foreach (var entry in entries)
            {
                var failed = entry.Ended(entry.Act with { Outcome = AuditOutcome.Failed });
                _kept[entry.Number] = new Kept(failed, time.GetTimestamp(), WasStored: false);
            }
            throw;
        }
        foreach (var entry in entries)
        {
            _kept[entry.Number] = new Kept(entry, time.GetTimestamp(), WasStored: true);
        }
    }

    /// <param name="WasStored">The store has said that it has it.</param>
    private sealed record Kept(AuditEntry Entry, long Since, bool WasStored)
    {
        public override string ToString() => $"{Entry}";
    }
}
