namespace Countersign.Core.IdentityMatching.Records;

/// <summary>Keeps persons by their numbers: what <see cref="RecordImports"/> brought, until somebody or its age removes it.</summary>
public interface IPersonRecords
{
    /// <summary>No number has more persons in an answer: a family shares one, a call centre is nobody's proof.</summary>
    const int MaxPersons = 50;

    /// <summary>
    /// The records of a number that a project may see and that are valid on a day; of an import that takes all or nothing, only once it
    /// is committed.
    /// </summary>
    Task<IReadOnlyList<KeptRecord>> FindAsync(
        PhoneNumber number, ProjectId project, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All sources, also those without records.</summary>
    Task<IReadOnlyList<RecordSource>> ListSourcesAsync(CancellationToken cancellationToken);

    /// <summary>Removes every record of a number, of whatever source and import, and forgets when the number was verified.</summary>
    /// <returns>How many records there were.</returns>
    Task<int> RemoveAsync(PhoneNumber number, CancellationToken cancellationToken);

    /// <summary>Removes records of a source.</summary>
    /// <param name="limit">The most at once; call again until none was removed.</param>
    Task<int> RemoveAsync(SourceName source, int limit, CancellationToken cancellationToken);

    /// <summary>Removes records that ended before a moment, or, without an end, were last brought before it.</summary>
    Task<int> RemoveOutdatedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
