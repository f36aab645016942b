using System.Collections.Concurrent;

namespace Countersign.Storage;

/// <summary>
/// Where the pseudonyms of lines are kept (<c>Keys:Store</c>): apart from the store, with copies of its own, so that a copy of the store
/// alone leads to nobody. Opened, and brought up to date, when it is first asked for; where that fails, at the next call again.
/// </summary>
/// <param name="open">Opens it and brings it up to date.</param>
/// <param name="guard">What stands before it, as before the store.</param>
/// <param name="isNamed">Whether somebody has said where it is.</param>
internal sealed class KeyDatabase(Func<IDatabase> open, Func<IDatabase, IDatabase>? guard = null, bool isNamed = false) : IAsyncDisposable
{
    private readonly Lock _opening = new();
    private readonly ConcurrentDictionary<string, bool> _owed = [];
    private IDatabase? _opened;
    private IDatabase? _guarded;

    public bool IsNamed => isNamed;

    public IDatabase Database
    {
        get
        {
            lock (_opening)
            {
                _opened ??= open();
                return _guarded ??= guard?.Invoke(_opened) ?? _opened;
            }
        }
    }

    /// <summary>
    /// Rids its files of what was destroyed in a table. Where that cannot be done at this moment it is owed, and done later.
    /// </summary>
    public async Task ScrubAsync(string table, CancellationToken cancellationToken)
    {
        _owed[table] = true;
        if (await Database.ScrubAsync(table, cancellationToken))
        {
            _owed.TryRemove(table, out _);
        }
    }

    /// <summary>Does what is owed.</summary>
    public async Task ScrubOwedAsync(CancellationToken cancellationToken)
    {
        foreach (var table in _owed.Keys)
        {
            await ScrubAsync(table, cancellationToken);
        }
    }

    /// <summary>One that is open already.</summary>
    public static KeyDatabase Of(IDatabase database) => new(() => database);

    public ValueTask DisposeAsync() => _opened?.DisposeAsync() ?? ValueTask.CompletedTask;
}
