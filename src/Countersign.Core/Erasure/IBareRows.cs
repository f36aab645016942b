namespace Countersign.Core.Erasure;

/// <summary>
/// Rows from before lines, or projects, had keys. What a copy holds of such a row leads to its person for as long as the copy is kept,
/// whatever is destroyed, and also when the row has been replaced since.
/// </summary>
public interface IBareRows
{
    /// <summary>
    /// Since when the store holds none of a class that stands under no key which such an erasure destroys: of a number the line's
    /// (<see cref="DataClass.MayBeBare"/>), of a project its own (<see cref="DataClass.UnderProjectKey"/>). A class of which it may hold
    /// one is not there.
    /// </summary>
    Task<IReadOnlyDictionary<DataClass, DateTimeOffset>> AbsentSinceAsync(ErasureOf of, CancellationToken cancellationToken);
}
