namespace Countersign.Core.Keys;

/// <summary>What the store holds under which key.</summary>
public interface IKeyUse
{
    /// <summary>
    /// How many values each key has; those that name none have <see cref="KeySet.First"/>, or <see cref="KeyId.None"/> when it is gone.
    /// Goes through all tables.
    /// </summary>
    Task<IReadOnlyDictionary<KeyId, long>> CountAsync(CancellationToken cancellationToken);
}
