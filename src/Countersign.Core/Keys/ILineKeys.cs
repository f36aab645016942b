using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>
/// Keeps a secret for each line, and for each project, of which something is stored for long: apart from the store (<c>Keys:Store</c>),
/// until it is destroyed.
/// </summary>
/// <remarks>
/// By its owner a key is asked for anew each time, never remembered: another server may have destroyed it since, and then nothing
/// may be written under it. Who writes asks afterwards whether the key is still there (<see cref="OneLine.IsThereAsync"/>), and takes back
/// what they wrote if it is not; who erases removes the rows, destroys the key, and removes once more what came meanwhile.
/// </remarks>
public interface ILineKeys
{
    /// <summary>
    /// The keys of lines and projects, null for one that is there and cannot be opened. Those that have none are not among them: of those
    /// nothing is stored under a key. Makes none.
    /// </summary>
    Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken);

    /// <summary>
    /// The keys of lines and projects, made for those that have none, and durable; null for one that is there and cannot be opened.
    /// </summary>
    Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken);

    /// <summary>The keys that have these ids, of those that are still there. One that cannot be opened is as if it were not.</summary>
    Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
        IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken);

    /// <summary>Those of the ids whose keys nobody has destroyed, also where one cannot be opened.</summary>
    Task<IReadOnlySet<LineKeyId>> ListThereAsync(IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys a key: what stands under it is lost for good when the last copy of the key is. Repeating it is harmless.
    /// </summary>
    /// <param name="successor">Takes its place in the same moment, with what was written under it already; null for none.</param>
    /// <returns>
    /// What was destroyed, so that rows that came under it meanwhile can be found and removed; null when the owner had none.
    /// </returns>
    Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken);

    /// <summary>Destroys this one and its twins, and none that their owner has got since.</summary>
    Task DestroyAsync(LineKey key, CancellationToken cancellationToken);
}

/// <summary>For one line. Where its key cannot be opened nobody goes on without it.</summary>
public static class OneLine
{
    /// <exception cref="CryptographicException">It is there and cannot be opened.</exception>
    public static async Task<LineKey?> FindAsync(this ILineKeys keys, PhoneNumber number, CancellationToken cancellationToken) =>
        (await keys.FindAsync([number], cancellationToken)).TryGetValue(number, out var key) ? key ?? throw Unreadable() : null;

    /// <summary>
    /// What a project's rows of a line stand under: the line's key within the project, with the line's alone as a twin for those from
    /// before projects had keys. Where the project has none that one alone; null when the line has none.
    /// </summary>
    /// <exception cref="CryptographicException">One of them is there and cannot be opened.</exception>
    public static async Task<LineKey?> FindAsync(
        this ILineKeys keys, PhoneNumber number, ProjectId project, CancellationToken cancellationToken)
    {
        var found = await keys.FindAsync([number, project], cancellationToken);
        if (!found.TryGetValue(number, out var line))
        {
            return null;
        }
        line = line ?? throw Unreadable();
        return found.TryGetValue(project, out var ofProject) ? line.Within(ofProject ?? throw Unreadable()) : line;
    }

    /// <exception cref="CryptographicException">It is there and cannot be opened.</exception>
    public static async Task<LineKey> ObtainAsync(this ILineKeys keys, PhoneNumber number, CancellationToken cancellationToken) =>
        (await keys.ObtainAsync([number], cancellationToken))[number] ?? throw Unreadable();

    /// <summary>The key of a line within a project, made of both their keys.</summary>
    /// <exception cref="CryptographicException">One of them is there and cannot be opened.</exception>
    public static async Task<LineKey> ObtainAsync(
        this ILineKeys keys, PhoneNumber number, ProjectId project, CancellationToken cancellationToken)
    {
        var both = await keys.ObtainAsync([number, project], cancellationToken);
        return (both[number] ?? throw Unreadable()).Within(both[project] ?? throw Unreadable());
    }

    public static Task<LineKey?> DestroyAsync(this ILineKeys keys, KeyOwner owner, CancellationToken cancellationToken) =>
        keys.DestroyAsync(owner, successor: null, cancellationToken);

    /// <summary>Whether nobody has destroyed it, nor the project's with which it is made.</summary>
    public static async Task<bool> IsThereAsync(this ILineKeys keys, LineKey key, CancellationToken cancellationToken)
    {
        List<LineKeyId> ids = [.. key.Parts.Select(part => part.Id)];
        var there = await keys.ListThereAsync(ids, cancellationToken);
        return ids.TrueForAll(there.Contains);
    }

    /// <summary>What is said where a search in all projects cannot be made without a key that is there and cannot be opened.</summary>
    public static UnavailableException Unreadable(KeyOwner owner) => new(
        owner.Project is { } project ? $"The key of project {project} cannot be opened." : "The key of a line cannot be opened.",
        TimeSpan.FromMinutes(1));

    private static CryptographicException Unreadable() => new("The key of a line or project cannot be opened.");
}
