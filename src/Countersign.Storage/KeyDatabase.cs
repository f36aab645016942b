namespace Countersign.Storage;

/// <summary>
/// Where the pseudonyms of lines are kept (<c>Keys:Store</c>): apart from the store, with copies of its own, so that a copy of the store
/// alone leads to nobody. Opened, and brought up to date, when it is first asked for.
/// </summary>
/// <param name="isNamed">Whether somebody has said where it is.</param>
internal sealed class KeyDatabase(Func<IDatabase> open, bool isNamed = false) : IAsyncDisposable
{
    private readonly Lazy<IDatabase> _database = new(open);

    public bool IsNamed => isNamed;

    public IDatabase Database => _database.Value;

    /// <summary>One that is open, and disposed of by others.</summary>
    public static KeyDatabase Of(IDatabase database) => new(() => database);

    public ValueTask DisposeAsync() => _database.IsValueCreated ? _database.Value.DisposeAsync() : ValueTask.CompletedTask;
}
