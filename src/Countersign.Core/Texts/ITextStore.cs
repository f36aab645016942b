using Countersign.Core.Money;

namespace Countersign.Core.Texts;

/// <summary>Keeps texts and their fate. They are added by <see cref="Flows.IFlowStore.TrySaveAsync"/>.</summary>
public interface ITextStore
{
    /// <summary>Returns null when there is no such text, or no more.</summary>
    Task<StoredText?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The newest text of a flow, or null.</summary>
    Task<StoredText?> FindLastAsync(CorrelationId flow, CancellationToken cancellationToken);

    /// <summary>All texts of a flow with their attempts, oldest first.</summary>
    Task<IReadOnlyList<StoredText>> ListAsync(CorrelationId flow, CancellationToken cancellationToken);

    /// <summary>All texts to a number, oldest first.</summary>
    Task<IReadOnlyList<StoredText>> ListAsync(PhoneNumber to, CancellationToken cancellationToken);

    /// <summary>The texts whose <see cref="TextFate.DueAt"/> has come, the longest due first.</summary>
    Task<IReadOnlyList<Guid>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Saves a text's fate if its stored version is still <see cref="StoredText.Version"/>. False if somebody was first or the text is
    /// gone.
    /// </summary>
    Task<bool> TrySaveAsync(StoredText text, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="TrySaveAsync(StoredText, CancellationToken)"/>, and counts what the attempt that begins may cost, in the same
    /// transaction: neither is ever stored without the other.
    /// </summary>
    Task<ClaimOutcome> TryClaimAsync(StoredText text, SpendingCharge charge, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="TrySaveAsync(StoredText, CancellationToken)"/>, and gives back in the same transaction what was counted for an
    /// attempt that costs nothing.
    /// </summary>
    Task<bool> TrySaveAsync(StoredText text, SpendingCharge back, CancellationToken cancellationToken);

    /// <summary>Removes texts created before the given moment, at most <paramref name="limit"/> of them, and says how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);
}
