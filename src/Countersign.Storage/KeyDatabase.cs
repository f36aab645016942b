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

    // At a start all of them: a process that has ended since it destroyed something has taken with it what it owed.
    private readonly ConcurrentDictionary<string, bool> _owed = new(
        Inventory.OfKeys.Select(table => KeyValuePair.Create(table, true)), StringComparer.Ordinal);
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

    /// <summary>The tables of which the files may still hold what was destroyed.</summary>
    public IReadOnlyList<string> Owed => [.. _owed.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Something was destroyed in a table: its files are to be rid of that.</summary>
    public void Owe(string table) => _owed[table] = true;

    /// <summary>
    /// Rids its files of what was destroyed. Never throws: what cannot be done at this moment stays owed, and is done later.
    /// </summary>
    public async Task ScrubAsync(CancellationToken cancellationToken)
    {
        foreach (var table in Owed)
        {
            // Before it begins: what is destroyed while it is done is owed anew.
            if (_owed.TryRemove(table, out _) && !await TryScrubAsync(table, cancellationToken))
            {
                Owe(table);
            }
        }
    }

    /// <summary>One that is open already.</summary>
    public static KeyDatabase Of(IDatabase database) => new(() => database);

    private async Task<bool> TryScrubAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            return await Database.ScrubAsync(table, cancellationToken);
        }
        catch (Exception)
        {
            // What was destroyed is durable: whoever destroyed it must not take it for failed.
            return false;
        }
    }

    public ValueTask DisposeAsync() => _opened?.DisposeAsync() ?? ValueTask.CompletedTask;
}
