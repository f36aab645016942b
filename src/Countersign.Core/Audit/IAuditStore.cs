using Countersign.Core.Keys;

namespace Countersign.Core.Audit;

/// <summary>
/// Keeps the audit: what waits to be linked, the chain, and its checkpoints. Every write is durable before its task completes.
/// </summary>
public interface IAuditStore
{
    /// <summary>
    /// Adds entries that wait to be linked, in the place of those that wait under the same numbers. What is linked already stays as it is.
    /// Whom they are about stands under the key of the line where they were named by its number, and under the project's where they are of
    /// one: if one of these is destroyed, they are about nobody.
    /// </summary>
    /// <returns>How many wait now.</returns>
    Task<int> PutAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken);

    /// <summary>
    /// Those that may be linked, in the order of the chain to be: what has ended, and what is open from before a moment. What is not as it
    /// was written is not among them.
    /// </summary>
    Task<IReadOnlyList<AuditEntry>> ListWaitingAsync(DateTimeOffset openBefore, int limit, CancellationToken cancellationToken);

    /// <summary>The numbers of a writer that are there from one number on, waiting or linked.</summary>
    Task<IReadOnlyList<(long Number, AuditStanding Standing)>> ListNumbersAsync(
        string writer, long from, int limit, CancellationToken cancellationToken);

    /// <summary>All that wait as they were written, open or not: by writer and number.</summary>
    Task<IReadOnlyList<(string Writer, long Number)>> ListUnlinkedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Links waiting entries behind the last one. Where another node was first, those that it has linked stay, and nothing else is done:
    /// the chain never forks.
    /// </summary>
    /// <param name="read">The entries as they were read, in the same order.</param>
    /// <returns>How many were linked by this call.</returns>
    Task<int> LinkAsync(IReadOnlyList<AuditLink> links, IReadOnlyList<AuditEntry> read, CancellationToken cancellationToken);

    /// <summary>The end of the chain; null for an empty one.</summary>
    Task<AuditHead?> FindHeadAsync(CancellationToken cancellationToken);

    /// <summary>The hash at a position as it stands in the row; null when the row is not there.</summary>
    Task<byte[]?> FindHashAsync(long position, CancellationToken cancellationToken);

    /// <summary>The entries behind a position, in the order of the chain, each with what is wrong with its row.</summary>
    Task<IReadOnlyList<AuditLink>> ReadAsync(long after, int limit, CancellationToken cancellationToken);

    /// <summary>Entries that were looked for, the newest first. Rows that cannot be read are left out.</summary>
    Task<IReadOnlyList<FoundAudit>> FindAsync(AuditSearch search, int limit, CancellationToken cancellationToken);

    /// <summary>How many entries behind a position are not checkpoints'.</summary>
    Task<long> CountBehindAsync(long position, CancellationToken cancellationToken);

    /// <returns>False, and nothing stored, when there is one of its kind at its position.</returns>
    Task<bool> TryAddCheckpointAsync(AuditCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Those of a kind behind a position, in the order of the chain.</summary>
    Task<IReadOnlyList<AuditCheckpoint>> ListCheckpointsAsync(
        AuditCheckpointKind kind, long after, int limit, CancellationToken cancellationToken);

    /// <summary>The one of a kind that was made last before a moment; null for none.</summary>
    Task<AuditCheckpoint?> FindCheckpointAsync(
        AuditCheckpointKind kind, DateTimeOffset madeBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the oldest entries away up to a position, at most so many, and when they are gone the checkpoints before it.
    /// </summary>
    /// <returns>How many entries went.</returns>
    Task<int> PruneAsync(long upTo, int limit, CancellationToken cancellationToken);

    /// <summary>Adds the key unless there is one, and returns the one that is there: of many nodes one wins.</summary>
    /// <param name="privateKey">PKCS#8.</param>
    Task<byte[]> GetOrAddKeyAsync(byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The private key (PKCS#8) if there is one.</summary>
    Task<byte[]?> FindKeyAsync(CancellationToken cancellationToken);

    /// <summary>The configuration of the last start, by the names of its settings; null before the first.</summary>
    Task<IReadOnlyDictionary<string, string>?> FindConfigurationAsync(CancellationToken cancellationToken);

    /// <summary>Keeps what a server has started with, together with the entry that says so.</summary>
    Task PutConfigurationAsync(
        IReadOnlyDictionary<string, string> configuration, AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Takes away whom entries were about. The chain stays whole.</summary>
    /// <param name="former">A key that the subject's line had until it was destroyed; null for the one that it has.</param>
    Task<ErasedAudit> EraseAsync(AuditSubject subject, LineKey? former, CancellationToken cancellationToken);
}

/// <summary>Where an entry stands on its way into the chain.</summary>
public enum AuditStanding
{
    Open,
    Waiting,
    Linked,
}

/// <param name="Count">How many entries were about them.</param>
/// <param name="Bare">How many of these named a number and were under no key of its line: they are from before lines had keys.</param>
public sealed record ErasedAudit(int Count, int Bare)
{
    public override string ToString() => $"{Count}";
}

/// <summary>The end of the chain.</summary>
public sealed record AuditHead(long Position, byte[] Hash)
{
    public override string ToString() => $"{Position}";
}

/// <summary>What entries are looked for by; null for any.</summary>
/// <param name="Before">Those before this position.</param>
public sealed record AuditSearch(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Actor = null, string? Act = null, string? Project = null,
    string? Target = null, AuditSubject? Subject = null, long? Before = null)
{
    public override string ToString() => nameof(AuditSearch);
}

public sealed record FoundAudit(long Position, AuditEntry Entry)
{
    public override string ToString() => $"{Position}";
}

/// <summary>Hears of what the audit finds, for those who operate this.</summary>
public interface IAuditJournal
{
    /// <summary>The end of the chain was signed: with the log, it is kept elsewhere than in the store.</summary>
    void CheckpointMade(AuditCheckpoint checkpoint);

    /// <summary>Entries that this server had written were taken away before they were linked; they were written again.</summary>
    void WrittenAgain(int count);

    /// <summary>The chain does not hold what it held: its end was cut off or changed.</summary>
    void Cut(long position);

    /// <summary>Entries older than the retention were taken away.</summary>
    void Pruned(long upTo);
}
