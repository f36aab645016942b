using Countersign.Core.Audit;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Fakes;

/// <summary>What waits to be linked, in memory; it can be away.</summary>
internal sealed class WaitingAudit : IAuditStore, IAuditJournal
{
    public SortedDictionary<long, AuditEntry> Waiting { get; } = [];

    public HashSet<long> Linked { get; } = [];

    public bool IsAway { get; set; }

    public int Again { get; private set; }

    public Task<int> PutAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new UnavailableException("The store is away.", TimeSpan.FromSeconds(1));
        }
        foreach (var entry in entries)
        {
            Waiting[entry.Number] = entry;
        }
        return Task.FromResult(entries.Count);
    }

    public Task<IReadOnlyList<(long Number, AuditStanding Standing)>> ListNumbersAsync(
        string writer, long from, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(long, AuditStanding)>>(
        [
            .. Waiting.Values.Select(entry => (entry.Number, entry.Act.Outcome == AuditOutcome.Open
                ? AuditStanding.Open : AuditStanding.Waiting)).Concat(Linked.Select(number => (number, AuditStanding.Linked)))
                .Where(one => one.Item1 >= from).OrderBy(one => one.Item1).Take(limit),
        ]);

    public void WrittenAgain(int count) => Again += count;

    public void CheckpointMade(AuditCheckpoint checkpoint) { }

    public void Cut(long position) { }

    public void Pruned(long upTo) { }

    Task<IReadOnlyList<AuditEntry>> IAuditStore.ListWaitingAsync(
        DateTimeOffset openBefore, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<(string Writer, long Number)>> IAuditStore.ListUnlinkedAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<int> IAuditStore.LinkAsync(
        IReadOnlyList<AuditLink> links, IReadOnlyList<AuditEntry> read, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<AuditHead?> IAuditStore.FindHeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<byte[]?> IAuditStore.FindHashAsync(long position, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<AuditLink>> IAuditStore.ReadAsync(long after, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<FoundAudit>> IAuditStore.FindAsync(AuditSearch search, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<long> IAuditStore.CountBehindAsync(long position, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<bool> IAuditStore.TryAddCheckpointAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyList<AuditCheckpoint>> IAuditStore.ListCheckpointsAsync(
        AuditCheckpointKind kind, long after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<AuditCheckpoint?> IAuditStore.FindCheckpointAsync(
        AuditCheckpointKind kind, DateTimeOffset madeBefore, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<int> IAuditStore.PruneAsync(long upTo, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<byte[]> IAuditStore.GetOrAddKeyAsync(byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<byte[]?> IAuditStore.FindKeyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyDictionary<string, string>?> IAuditStore.FindConfigurationAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task IAuditStore.PutConfigurationAsync(
        IReadOnlyDictionary<string, string> configuration, AuditEntry entry, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<ErasedAudit> IAuditStore.EraseAsync(AuditSubject subject, LineKey? former, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
