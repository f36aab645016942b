namespace Countersign.Core.Administration;

/// <summary>What a key may do, and in which projects.</summary>
/// <param name="Scopes">In the order of <see cref="AdminScope"/>.</param>
/// <param name="Projects">
/// Null for all, also those that are made later. Empty for none: those that it kept to are gone.
/// </param>
public sealed record AdminRights(IReadOnlyList<AdminScope> Scopes, IReadOnlyList<ProjectId>? Projects = null)
{
    /// <summary>Everything, everywhere.</summary>
    public static AdminRights All { get; } = new(AdminScopes.All);

    /// <summary>Keeps to some projects.</summary>
    public bool IsLimited => Projects is not null;

    public bool Has(AdminScope scope) => Scopes.Contains(scope);

    public bool Includes(ProjectId project) => Projects is null || Projects.Contains(project);

    /// <summary>True when others keep to projects that these include; what keeps to none is for those who may see all.</summary>
    public bool Include(AdminRights others) => Projects is null || (others.Projects is { Count: > 0 } theirs && theirs.All(Includes));

    public override string ToString() => string.Join(' ', Scopes.Select(AdminScopes.WordOf));
}
