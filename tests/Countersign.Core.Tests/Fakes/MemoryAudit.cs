using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Fakes;

/// <summary>The audit in memory: what waits to be linked, of one writer, the chain, and its checkpoints. It can be away.</summary>
internal sealed class MemoryAudit : IAuditStore, IAuditJournal
{
    private byte[]? _key;

    public SortedDictionary<long, AuditEntry> Waiting { get; } = [];

    public HashSet<long> Linked { get; } = [];

    public List<AuditLink> Chain { get; } = [];

    public List<AuditCheckpoint> Checkpoints { get; } = [];

    public bool IsAway { get; set; }

    /// <summary>Another node always links first.</summary>
    public bool LosesRaces { get; set; }

    public int Again { get; private set; }

    /// <summary>How many entries are about somebody, as they are found under the line's key or under a former one.</summary>
    public Dictionary<(AuditSubject Subject, LineKey? Former), ErasedAudit> About { get; } = [];

    /// <summary>What is found, and of whom.</summary>
    public List<FoundAudit> Found { get; } = [];

    /// <summary>What was said of the chain, in words.</summary>
    public List<string> Said { get; } = [];

    /// <summary>What the chain tells, entry by entry.</summary>
    public IEnumerable<AuditAct> Acts => Chain.Select(ActOf);

    public Task<int> PutAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new UnavailableException("The store is away.", TimeSpan.FromSeconds(1));
        }
        var unlinked = entries.Where(entry => !Linked.Contains(entry.Number)).ToList();
        foreach (var entry in unlinked)
        {
            Waiting[entry.Number] = entry;
        }
        return Task.FromResult(unlinked.Count);
    }

    public Task<IReadOnlyList<AuditEntry>> ListWaitingAsync(DateTimeOffset openBefore, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AuditEntry>>(
            [.. Waiting.Values.Where(entry => entry.Act.Outcome != AuditOutcome.Open || entry.At < openBefore).Take(limit)]);

    public Task<IReadOnlyList<(long Number, AuditStanding Standing)>> ListNumbersAsync(
        string writer, long from, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(long, AuditStanding)>>(
        [
            .. Waiting.Values.Select(entry => (entry.Number, entry.Act.Outcome == AuditOutcome.Open
                ? AuditStanding.Open : AuditStanding.Waiting)).Concat(Linked.Select(number => (number, AuditStanding.Linked)))
                .Where(one => one.Item1 >= from).OrderBy(one => one.Item1).Take(limit),
        ]);

    public Task<int> LinkAsync(IReadOnlyList<AuditLink> links, IReadOnlyList<AuditEntry> read, CancellationToken cancellationToken)
    {
        if (LosesRaces)
        {
            return Task.FromResult(0);
        }
        Chain.AddRange(links);
        foreach (var entry in read)
        {
            Waiting.Remove(entry.Number);
            Linked.Add(entry.Number);
        }
        return Task.FromResult(links.Count);
    }

    public Task<AuditHead?> FindHeadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Chain.Count == 0 ? null : new AuditHead(Chain[^1].Position, Chain[^1].Hash));

    public Task<byte[]?> FindHashAsync(long position, CancellationToken cancellationToken) =>
        Task.FromResult(Chain.Find(link => link.Position == position)?.Hash);

    public Task<long> CountBehindAsync(long position, CancellationToken cancellationToken) => Task.FromResult(
        Chain.LongCount(link => link.Position > position && ActOf(link) is not { Kind: AuditKind.Audit, Act: AuditChainer.CheckpointAct }));

    public Task<bool> TryAddCheckpointAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        var isNew = !Checkpoints.Exists(one => (one.Kind, one.Position) == (checkpoint.Kind, checkpoint.Position));
        if (isNew)
        {
            Checkpoints.Add(checkpoint);
        }
        return Task.FromResult(isNew);
    }

    public Task<AuditCheckpoint?> FindCheckpointAsync(
        AuditCheckpointKind kind, DateTimeOffset madeBefore, CancellationToken cancellationToken) =>
        Task.FromResult(Checkpoints.FindLast(one => one.Kind == kind && one.At < madeBefore));

    public Task<int> PruneAsync(long upTo, int limit, CancellationToken cancellationToken)
    {
        var count = Math.Min(limit, Chain.Count(link => link.Position <= upTo));
        Chain.RemoveRange(0, count);
        return Task.FromResult(count);
    }

    public Task<byte[]> GetOrAddKeyAsync(byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(_key ??= privateKey);

    public Task<byte[]?> FindKeyAsync(CancellationToken cancellationToken) => Task.FromResult(_key);

    public Task<ErasedAudit> EraseAsync(AuditSubject subject, LineKey? former, CancellationToken cancellationToken) =>
        Task.FromResult(About.Remove((subject, former), out var erased) ? erased : new ErasedAudit(0, 0));

    public Task<IReadOnlyList<FoundAudit>> FindAsync(AuditSearch search, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FoundAudit>>(
        [
            .. Found.Where(one => one.Entry.Act.Subject == search.Subject && (search.Before is null || one.Position < search.Before))
                .OrderByDescending(one => one.Position).Take(limit),
        ]);

    public void WrittenAgain(int count) => Again += count;

    public void CheckpointMade(AuditCheckpoint checkpoint) => Said.Add($"signed {checkpoint.Position}");

    public void Cut(long position) => Said.Add($"cut {position}");

    public void Pruned(long upTo) => Said.Add($"pruned {upTo}");

    private static AuditAct ActOf(AuditLink link) => AuditEntry.Parse(link.Text, opening: null)!.Act;

    Task<IReadOnlyList<(string Writer, long Number)>> IAuditStore.ListUnlinkedAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<AuditLink>> IAuditStore.ReadAsync(long after, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<AuditCheckpoint>> IAuditStore.ListCheckpointsAsync(
        AuditCheckpointKind kind, long after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyDictionary<string, string>?> IAuditStore.FindConfigurationAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task IAuditStore.PutConfigurationAsync(
        IReadOnlyDictionary<string, string> configuration, AuditEntry entry, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
