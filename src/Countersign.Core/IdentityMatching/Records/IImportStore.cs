namespace Countersign.Core.IdentityMatching.Records;

/// <summary>Keeps imports and writes what they bring.</summary>
public interface IImportStore
{
    /// <summary>Begins an import. Returns null when another of the source is open or settling; dry runs are in nobody's way.</summary>
    Task<RecordImport?> TryAddAsync(ImportPlan plan, long firstLine, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such import.</summary>
    Task<RecordImport?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>The import that stands in the way of another of its source; null when none does.</summary>
    Task<RecordImport?> FindActiveAsync(SourceName source, CancellationToken cancellationToken);

    /// <summary>Imports in a state, the oldest first.</summary>
    Task<IReadOnlyList<RecordImport>> ListAsync(ImportState state, CancellationToken cancellationToken);

    /// <summary>Adds what lines brought to an open import, unless somebody has counted them already.</summary>
    /// <param name="line">The line that was to come next.</param>
    Task<bool> TryAdvanceAsync(
        long id, long line, long nextLine, ImportCounts counts, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Moves an import from one state to the next. Returns false when it is in another.</summary>
    Task<bool> TryMoveAsync(long id, ImportState from, ImportState to, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes records, each for itself: the same ones again are the same answer again. A dry run only looks.</summary>
    /// <returns>In the order of the records.</returns>
    Task<IReadOnlyList<PutOutcome>> PutAsync(
        RecordImport import, IReadOnlyList<(long Line, PersonRecord Record)> records, DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>Moves rows of a committed import to where the others are. Nobody who reads notices.</summary>
    /// <returns>How many; 0 when all are there. Fewer than the limit says nothing: somebody else may move rows at the same time.</returns>
    Task<int> SettleAsync(long id, int limit, CancellationToken cancellationToken);

    /// <summary>Removes rows of an import that never counted.</summary>
    /// <returns>How many; 0 when none is left.</returns>
    Task<int> RemoveStagedAsync(long id, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets imports that ended before a moment.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}

/// <param name="EarlierLine">Where the file has this record already, with the same data or with other; null when it has not.</param>
public sealed record PutOutcome(PutKind Kind, long? EarlierLine = null);

public enum PutKind
{
    Added,
    Changed,
    Unchanged,
    Repeated,

    /// <summary>An earlier line of the file has the record with other data, which stand.</summary>
    Contradicts,

    /// <summary>The key of its number's line is there and cannot be opened: nothing was written.</summary>
    Unreadable,

    /// <summary>The import is not open any more.</summary>
    Refused,
}
