namespace Countersign.Core.Texts;

/// <summary>Keeps texts and their fate. They are added by <see cref="Flows.IFlowStore.TrySaveAsync"/>.</summary>
public interface ITextStore
{
    /// <summary>The newest text of a flow, or null.</summary>
    Task<StoredText?> FindLastAsync(CorrelationId flow, CancellationToken cancellationToken);

    /// <summary>All texts to a number, oldest first.</summary>
    Task<IReadOnlyList<StoredText>> ListAsync(PhoneNumber to, CancellationToken cancellationToken);

    /// <summary>Texts that no gateway has taken yet, oldest first: after a crash they are still to be sent.</summary>
    Task<IReadOnlyList<OutgoingText>> FindQueuedAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);

    Task SetStateAsync(Guid textId, TextState state, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Removes texts created before the given moment, at most <paramref name="limit"/> of them, and says how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken);
}
