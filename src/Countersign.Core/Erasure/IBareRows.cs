namespace Countersign.Core.Erasure;

/// <summary>
/// Rows from before lines had keys. What a copy holds of such a row leads to its person for as long as the copy is kept, whatever is
/// destroyed, and also when the row has been replaced since.
/// </summary>
public interface IBareRows
{
    /// <summary>
    /// Since when the store holds none of a class (<see cref="DataClass.MayBeBare"/>). A class of which it may hold one is not there.
    /// </summary>
    Task<IReadOnlyDictionary<DataClass, DateTimeOffset>> AbsentSinceAsync(CancellationToken cancellationToken);
}
