using System.Globalization;

namespace Countersign.Core.Audit;

/// <summary>
/// Links what waits into the chain, signs checkpoints, and takes away what is too old. Each node has one; whichever comes first has linked,
/// and the others find nothing to do.
/// </summary>
public sealed class AuditChainer(IAuditStore store, AuditWriter writer, AuditOptions options, TimeProvider time, IAuditJournal journal)
    : IDisposable
{
    /// <summary>What an entry that tells of a checkpoint has as its act.</summary>
    public const string CheckpointAct = "checkpoint";

    /// <summary>What an entry that tells of a cut has as its act.</summary>
    public const string CutAct = "chain-cut";

    /// <summary>After this time nobody comes back to say how an act has ended.</summary>
    public static readonly TimeSpan AbandonedAfter = TimeSpan.FromMinutes(15);

    // On SQLite a transaction holds the one writer: this many rows take some milliseconds.
    private const int AtOnce = 100;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private AuditHead? _head;
    private AuditCheckpoint? _checkpoint;
    private AuditKey? _key;

    /// <summary>Does all that is to be done now.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await CheckHeadAsync(cancellationToken);
            await LinkAsync(cancellationToken);
            _head = await store.FindHeadAsync(cancellationToken);
            await SignAsync(_head, cancellationToken);
            await writer.ConfirmAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes away entries from before a moment, some of them, up to a checkpoint, and says how many.</summary>
    /// <remarks>A signed word stays that they were taken away by the server, and the last checkpoint's entry always stays.</remarks>
    public async Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        if (await store.FindCheckpointAsync(AuditCheckpointKind.Checkpoint, before, cancellationToken) is not { } last
            || await store.FindHeadAsync(cancellationToken) is not { } head || last.Position >= head.Position)
        {
            return 0;
        }
        var key = await KeyAsync(cancellationToken);
        var pruned = AuditCheckpoint.Sign(AuditCheckpointKind.Pruned, last.Position, last.Hash, time.GetUtcNow(), key);
        var isNew = await store.TryAddCheckpointAsync(pruned, cancellationToken);
        var count = await store.PruneAsync(last.Position, limit, cancellationToken);
        if (isNew)
        {
            journal.Pruned(last.Position);
        }
        return count;
    }

    /// <summary>The key that signs here; made when it is first asked for.</summary>
    public async ValueTask<AuditKey> KeyAsync(CancellationToken cancellationToken) =>
        _key ??= new AuditKey(
            await store.FindKeyAsync(cancellationToken)
                ?? await store.GetOrAddKeyAsync(AuditKey.New(), time.GetUtcNow(), cancellationToken));

    public void Dispose()
    {
        _turn.Dispose();
        _key?.Dispose();
    }

    /// <summary>What this server has seen of the chain is still there, or somebody has cut it.</summary>
    private async Task CheckHeadAsync(CancellationToken cancellationToken)
    {
        if (_head is not { } seen)
        {
            return;
        }
        if (await store.FindHashAsync(seen.Position, cancellationToken) is not { } hash || !hash.AsSpan().SequenceEqual(seen.Hash))
        {
            journal.Cut(seen.Position);
            // The chain itself tells of it from here on.
            await writer.AddAsync(
                new AuditAct(AuditKind.Audit, AuditWriter.Server, CutAct) { Target = TargetOf(seen.Position, seen.Hash) });
        }
    }

    private async Task LinkAsync(CancellationToken cancellationToken)
    {
        int found;
        do
        {
            var waiting = await store.ListWaitingAsync(time.GetUtcNow() - AbandonedAfter, AtOnce, cancellationToken);
            found = waiting.Count;
            if (found == 0)
            {
                return;
            }
            var head = await store.FindHeadAsync(cancellationToken) ?? new AuditHead(0, AuditLink.Genesis);
            var links = new List<AuditLink>(found);
            foreach (var entry in waiting)
            {
                var ended = entry.Act.Outcome == AuditOutcome.Open ? entry.Abandoned() : entry;
                // Behind the last place there is, somebody has put a row there: that must be heard of.
                links.Add(AuditLink.Of(checked(head.Position + 1), head.Hash, ended.Text));
                head = new AuditHead(links[^1].Position, links[^1].Hash);
            }
            if (await store.LinkAsync(links, waiting, cancellationToken) < found)
            {
                // Another node is at it, or somebody takes rows away: the next round sees what is there.
                return;
            }
        }
        while (found == AtOnce);
    }

    private async Task SignAsync(AuditHead? head, CancellationToken cancellationToken)
    {
        if (head is null || head.Position == _checkpoint?.Position)
        {
            return;
        }
        _checkpoint = await store.FindCheckpointAsync(AuditCheckpointKind.Checkpoint, DateTimeOffset.MaxValue, cancellationToken);
        var now = time.GetUtcNow();
        var isOld = _checkpoint is null || now - _checkpoint.At >= options.CheckpointAfter;
        var waiting = await store.CountBehindAsync(_checkpoint?.Position ?? 0, cancellationToken);
        if (waiting == 0 || (!isOld && waiting < options.CheckpointEvery))
        {
            return;
        }
        var made = AuditCheckpoint.Sign(
            AuditCheckpointKind.Checkpoint, head.Position, head.Hash, now, await KeyAsync(cancellationToken));
        if (await store.TryAddCheckpointAsync(made, cancellationToken))
        {
            _checkpoint = made;
            journal.CheckpointMade(made);
            // The chain tells of its checkpoints, so that one that is taken away is missed.
            await writer.AddAsync(
                new AuditAct(AuditKind.Audit, AuditWriter.Server, CheckpointAct) { Target = TargetOf(made.Position, made.Hash) });
        }
    }

    /// <summary>A place in the chain, in words.</summary>
    private static string TargetOf(long position, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"entry:{position}:{Convert.ToHexStringLower(hash)}");
}
