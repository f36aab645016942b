namespace Countersign.Core.Administration;

/// <summary>Copies of the whole store, taken while it is used.</summary>
public interface IStoreBackups
{
    /// <summary>
    /// The store as it is at one moment. Calls go on meanwhile. The keys that it is encrypted with are not in it.
    /// </summary>
    /// <returns>Null where the database has tools of its own for that.</returns>
    /// <exception cref="UnavailableException">There is no room for it, or the store cannot be read.</exception>
    Task<StoreBackup?> TakeAsync(CancellationToken cancellationToken);

    /// <summary>Notes that one has arrived where it is kept, for who looks how old the last one is.</summary>
    /// <param name="takenAt">See <see cref="StoreBackup.TakenAt"/>.</param>
    Task NoteAsync(DateTimeOffset takenAt, CancellationToken cancellationToken);
}

/// <summary>A copy that was read through once and found whole. Gone when it is disposed of.</summary>
/// <param name="content">Can be sought in; begins at its beginning.</param>
/// <param name="digest">SHA-256 of the content.</param>
/// <param name="schema">The version of its tables.</param>
public sealed class StoreBackup(Stream content, byte[] digest, DateTimeOffset takenAt, string schema) : IAsyncDisposable
{
    public Stream Content => content;

    public ReadOnlyMemory<byte> Digest => digest;

    public DateTimeOffset TakenAt => takenAt;

    public string Schema => schema;

    public ValueTask DisposeAsync() => content.DisposeAsync();

    public override string ToString() => nameof(StoreBackup);
}
