namespace Countersign.Core.History;

/// <summary>Keeps which pseudonym stands for which line: apart from the store that holds the outcomes (<c>Keys:Store</c>).</summary>
public interface ILinePseudonyms
{
    /// <summary>The pseudonyms of lines, made for those that have none.</summary>
    /// <param name="now">They are in use at this moment.</param>
    Task<IReadOnlyDictionary<PhoneNumber, LinePseudonym>> ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Null when nothing was ever written of the line, or it was erased.</summary>
    Task<LinePseudonym?> FindAsync(PhoneNumber number, CancellationToken cancellationToken);

    /// <summary>Removes pseudonyms that have not been used since the given moment, at most <paramref name="limit"/> of them.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveUnusedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
