namespace Countersign.Core.Administration;

/// <summary>
/// The stored keys, read at most once in 30 seconds, for however many ask: a key that was ended stops working within that time, on the
/// node that ended it at once.
/// </summary>
public sealed class AdminKeyDirectory(IAdminKeyStore store, TimeProvider time)
{
    private static readonly TimeSpan _keptFor = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<AdminKey>>? _keys;
    private DateTimeOffset _readAt;

    /// <summary>All keys, those that have ended as well.</summary>
    public Task<IReadOnlyList<AdminKey>> ListAsync()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            // Counted from before the store is asked; a read that failed is not kept.
            if (_keys is null or { IsFaulted: true } or { IsCanceled: true } || (now - _readAt).Duration() >= _keptFor)
            {
                (_keys, _readAt) = (store.ListAsync(CancellationToken.None), now);
            }
            return _keys;
        }
    }

    /// <summary>Something was changed by this node.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _keys = null;
        }
    }
}
