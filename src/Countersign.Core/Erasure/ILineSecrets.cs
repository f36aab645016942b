namespace Countersign.Core.Erasure;

/// <summary>
/// What links a line to its rows and opens them, and is kept apart from the store with copies of its own (<c>Keys:Store</c>). Where it is
/// gone, no copy of the store leads to the line any more.
/// </summary>
public interface ILineSecrets
{
    /// <summary>Destroys all of a line. Nothing of the line is found afterwards, so it comes last.</summary>
    /// <returns>How many there were.</returns>
    Task<int> DestroyAsync(PhoneNumber line, CancellationToken cancellationToken);
}
