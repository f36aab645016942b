namespace Countersign.Core.IdentityMatching.Records;

/// <summary>Keeps which projects see the records of a source. A project that does not see a source is answered as if it had none.</summary>
public interface IRecordSources
{
    /// <summary>
    /// Makes a source visible to projects if nobody has given records under its name. Returns false when it is known already: then nothing
    /// is changed.
    /// </summary>
    Task<bool> TryAddAsync(SourceName source, IReadOnlyList<ProjectId> projects, CancellationToken cancellationToken);

    /// <summary>Who sees a source; null when there is no such source.</summary>
    Task<SourceVisibility?> FindAsync(SourceName source, CancellationToken cancellationToken);

    /// <summary>Makes a source visible to these projects, and to no others. Returns false when there is no such source.</summary>
    Task<bool> TryAssignAsync(SourceName source, IReadOnlyList<ProjectId> projects, CancellationToken cancellationToken);

    /// <summary>The sources that every project sees: they were there before sources belonged to projects, and nobody has chosen.</summary>
    Task<IReadOnlyList<SourceName>> ListSeenByAllAsync(CancellationToken cancellationToken);
}

/// <summary>Who sees a source.</summary>
/// <param name="IsForAll">Every project does, also one that is made later.</param>
/// <param name="Projects">In the order of their ids; empty where all see it, or nobody does.</param>
public sealed record SourceVisibility(bool IsForAll, IReadOnlyList<ProjectId> Projects)
{
    public static SourceVisibility Nobody { get; } = new(IsForAll: false, []);

    public bool Includes(ProjectId project) => IsForAll || Projects.Contains(project);

    public override string ToString() => IsForAll ? "all projects" : Projects.Count == 0 ? "no project" : string.Join(", ", Projects);
}
