using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage.Tests;

/// <summary>A database of keys that does not answer.</summary>
internal sealed class LinesAway : ILineKeys
{
    private static UnavailableException Failure => new("It is away.", TimeSpan.FromSeconds(1));

    public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
        IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => throw Failure;

    public Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
        IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken) => throw Failure;

    public Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
        IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => throw Failure;

    public Task<IReadOnlySet<LineKeyId>> ListThereAsync(
        IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) => throw Failure;

    public Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken) => throw Failure;

    public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) => throw Failure;
}
