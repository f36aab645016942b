using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// Keeps a secret for each line of which something is stored for long: apart from the store (<c>Keys:Store</c>), until it is destroyed.
/// </summary>
/// <remarks>
/// By its number a line is asked for anew each time, never remembered: another server may have destroyed its key since, and then nothing
/// may be written under it. Who writes asks afterwards whether the key is still there (<see cref="OneLine.IsThereAsync"/>), and takes back
/// what they wrote if it is not; who erases removes the rows, destroys the key, and removes once more what came meanwhile.
/// </remarks>
public interface ILineKeys
{
    /// <summary>
    /// The keys of lines, null for one that is there and cannot be opened. Those that have none are not among them: of those nothing is
    /// stored under a key. Makes none.
    /// </summary>
    Task<IReadOnlyDictionary<PhoneNumber, LineKey?>> FindAsync(
        IReadOnlyCollection<PhoneNumber> numbers, CancellationToken cancellationToken);

    /// <summary>
    /// The keys of lines, made for those that have none, and durable; null for one that is there and cannot be opened.
    /// </summary>
    Task<IReadOnlyDictionary<PhoneNumber, LineKey?>> ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, CancellationToken cancellationToken);

    /// <summary>The keys that have these ids, of those that are still there. One that cannot be opened is as if it were not.</summary>
    Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
        IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken);

    /// <summary>Those of the ids whose keys nobody has destroyed, also where one cannot be opened.</summary>
    Task<IReadOnlySet<LineKeyId>> ListThereAsync(IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the key of a line: what stands under it is lost for good when the last copy of the key is. Repeating it is harmless.
    /// </summary>
    /// <param name="successor">Takes its place in the same moment, with what was written under it already; null for none.</param>
    /// <returns>
    /// What was destroyed, so that rows that came under it meanwhile can be found and removed; null when the line had none.
    /// </returns>
    Task<LineKey?> DestroyAsync(PhoneNumber number, LineKey? successor, CancellationToken cancellationToken);
}

/// <summary>For one line. Where its key cannot be opened nobody goes on without it.</summary>
public static class OneLine
{
    /// <exception cref="CryptographicException">It is there and cannot be opened.</exception>
    public static async Task<LineKey?> FindAsync(this ILineKeys keys, PhoneNumber number, CancellationToken cancellationToken) =>
        (await keys.FindAsync([number], cancellationToken)).TryGetValue(number, out var key) ? key ?? throw Unreadable() : null;

    /// <exception cref="CryptographicException">It is there and cannot be opened.</exception>
    public static async Task<LineKey> ObtainAsync(this ILineKeys keys, PhoneNumber number, CancellationToken cancellationToken) =>
        (await keys.ObtainAsync([number], cancellationToken))[number] ?? throw Unreadable();

    public static Task<LineKey?> DestroyAsync(this ILineKeys keys, PhoneNumber number, CancellationToken cancellationToken) =>
        keys.DestroyAsync(number, successor: null, cancellationToken);

    /// <summary>Whether nobody has destroyed it.</summary>
    public static async Task<bool> IsThereAsync(this ILineKeys keys, LineKey key, CancellationToken cancellationToken) =>
        (await keys.ListThereAsync([key.Id], cancellationToken)).Contains(key.Id);

    private static CryptographicException Unreadable() => new("The key of a line cannot be opened.");
}
