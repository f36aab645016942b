namespace Countersign.Core.Erasure;

/// <summary>
/// Rows that stand under a line's key which is gone: nobody reads them, and what they are sealed with cannot be changed. They come of a
/// store that was put back from before an erasure, and of keys that were lost.
/// </summary>
public interface ILostRows
{
    /// <summary>How many there are. Goes through all tables.</summary>
    /// <param name="withOutcomes">Whether outcomes of lines that have no pseudonym count, which are read as before.</param>
    Task<ErasedCounts> CountAsync(bool withOutcomes, CancellationToken cancellationToken);

    /// <summary>
    /// Removes them, with what hangs on identities among them; an entry of the audit is about nobody afterwards. A row whose key comes back
    /// while this runs stays. With an outcome goes what else tells of its flow.
    /// </summary>
    /// <returns>What went.</returns>
    Task<ErasedCounts> RemoveAsync(bool withOutcomes);
}
