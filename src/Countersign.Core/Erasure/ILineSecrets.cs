using Countersign.Core.Keys;

namespace Countersign.Core.Erasure;

/// <summary>
/// What links a line to its rows and opens them, and is kept apart from the store with copies of its own (<c>Keys:Store</c>). Where it is
/// gone, no copy of the store leads to the line any more.
/// </summary>
public interface ILineSecrets
{
    /// <summary>
    /// Destroys all of a line: its pseudonym and its key. Nothing of the line is found afterwards, so it comes last; what comes under the
    /// key meanwhile is found by the key that is answered.
    /// </summary>
    /// <param name="successor">The key that the line has from then on, with what was written under it already; null for none.</param>
    Task<DestroyedSecrets> DestroyAsync(PhoneNumber line, LineKey? successor, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the key of a line where it is there and cannot be opened (a damaged row): then nothing is found of what stands under it,
    /// and nobody reads that again.
    /// </summary>
    /// <returns>Whether it was so.</returns>
    Task<bool> DestroyUnreadableAsync(PhoneNumber line, CancellationToken cancellationToken);

    /// <summary>
    /// Destroys the key of a project, with which what it keeps of lines is sealed and found, too. It gets another with the next row.
    /// </summary>
    Task DestroyAsync(ProjectId project, CancellationToken cancellationToken);

    /// <summary>
    /// Rids the files of what was destroyed, where something was. Does not fail: what cannot be done at this moment is done later.
    /// </summary>
    Task ScrubAsync();
}

/// <param name="Count">How many there were.</param>
/// <param name="Key">The line's key; null when it had none.</param>
public sealed record DestroyedSecrets(int Count, LineKey? Key)
{
    public override string ToString() => nameof(DestroyedSecrets);
}
