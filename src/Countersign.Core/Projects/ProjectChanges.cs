namespace Countersign.Core.Projects;

/// <summary>Makes projects, changes their settings and removes them. What stands in the configuration is changed there.</summary>
public sealed class ProjectChanges(IProjectStore store, ProjectDirectory directory)
{
    /// <param name="mayWiden">What <see cref="GuardedSettings"/> keep may be more than a new project has.</param>
    public async Task<ProjectOutcome> CreateAsync(
        Project project, bool mayWiden, ProjectRules rules, CancellationToken cancellationToken)
    {
        if (RefusalOf(project.Settings, mayWiden, rules) is { } refused)
        {
            return refused;
        }
        if (!await store.TryAddAsync(project, cancellationToken))
        {
            return new ProjectOutcome.AlreadyThere(project.Id);
        }
        directory.Forget();
        return new ProjectOutcome.Done(project);
    }

    /// <summary>What a new project with these settings is refused for; null for nothing.</summary>
    public static ProjectOutcome.Refused? RefusalOf(ProjectSettings settings, bool mayWiden, ProjectRules rules) =>
        Refusal(new ProjectSettings(), settings, mayWiden, rules.Problems(settings));

    /// <param name="change">Makes the project that is wanted out of the present one.</param>
    /// <param name="named">The settings that are changed, by their properties.</param>
    /// <param name="mayWiden">What <see cref="GuardedSettings"/> keep may become more.</param>
    public async Task<ProjectOutcome> ChangeAsync(
        ProjectId id, Func<Project, Project> change, IReadOnlyCollection<string> named, bool mayWiden, ProjectRules rules,
        CancellationToken cancellationToken)
    {
        ProjectOutcome outcome = new ProjectOutcome.NoSuchProject();
        var isChanged = await store.TryChangeAsync(
            id,
            present =>
            {
                outcome = Judge(present, change(present), named, mayWiden, rules);
                return outcome is ProjectOutcome.Done { Project: var project } ? project : null;
            },
            cancellationToken);
        directory.Forget();
        return isChanged || outcome is not ProjectOutcome.Done ? outcome : new ProjectOutcome.NoSuchProject();
    }

    /// <summary>What a change would be answered now. Nothing is changed.</summary>
    /// <inheritdoc cref="ChangeAsync"/>
    public async Task<ProjectOutcome> JudgeAsync(
        ProjectId id, Func<Project, Project> change, IReadOnlyCollection<string> named, bool mayWiden, ProjectRules rules,
        CancellationToken cancellationToken) =>
        await store.FindProjectAsync(id, cancellationToken) is { } present
            ? Judge(present, change(present), named, mayWiden, rules)
            : new ProjectOutcome.NoSuchProject();

    private static ProjectOutcome Judge(
        Project present, Project project, IReadOnlyCollection<string> named, bool mayWiden, ProjectRules rules) =>
        present.Origin == ProjectOrigin.Configuration
            ? new ProjectOutcome.Configured(present)
            : (ProjectOutcome?)Refusal(
                present.Settings, project.Settings, mayWiden,
                rules.ProblemsOfChange(present.Settings, project.Settings, named)) ?? new ProjectOutcome.Done(project);

    private static ProjectOutcome.Refused? Refusal(
        ProjectSettings from, ProjectSettings to, bool mayWiden, IEnumerable<(string Setting, string Reason)> problems)
    {
        var refused = new ProjectOutcome.Refused([.. problems], mayWiden ? [] : GuardedSettings.WidenedBy(from, to));
        return refused is { Problems: [], Widened: [] } ? null : refused;
    }

    /// <summary>Removes the project, its clients, and all that is kept for it.</summary>
    /// <param name="mayWiden">It may have caps: made anew it would have none, and nothing spent.</param>
    public async Task<ProjectOutcome> RemoveAsync(ProjectId id, bool mayWiden, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is var found && found is not ProjectOutcome.Done { Project: var project })
        {
            return found;
        }
        if (!mayWiden && project.Settings.Caps is not null)
        {
            return new ProjectOutcome.Refused([], [nameof(ProjectSettings.Caps)]);
        }
        if (!await store.RemoveProjectAsync(project.Id, cancellationToken))
        {
            return new ProjectOutcome.NoSuchProject();
        }
        directory.Forget();
        return found;
    }

    /// <summary>A project that may be changed; otherwise why not.</summary>
    private async Task<ProjectOutcome> FindAsync(ProjectId id, CancellationToken cancellationToken) =>
        await store.FindProjectAsync(id, cancellationToken) is not { } project ? new ProjectOutcome.NoSuchProject()
        : project.Origin == ProjectOrigin.Configuration ? new ProjectOutcome.Configured(project)
        : new ProjectOutcome.Done(project);
}

/// <summary>What becomes of a project: a closed set.</summary>
public abstract record ProjectOutcome
{
    private ProjectOutcome() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>It is as was asked for; of a removal, as it was before.</summary>
    public sealed record Done(Project Project) : ProjectOutcome;

    /// <summary>Its settings may not be so.</summary>
    /// <param name="Problems">Each with the setting's name as in <see cref="ProjectSettings"/>.</param>
    /// <param name="Widened">The settings, by their properties, that would permit more than who asks may decide.</param>
    public sealed record Refused(
        IReadOnlyList<(string Setting, string Reason)> Problems, IReadOnlyList<string> Widened) : ProjectOutcome;

    public sealed record NoSuchProject : ProjectOutcome;

    /// <summary>It stands in the configuration, and is changed there.</summary>
    public sealed record Configured(Project Project) : ProjectOutcome;

    /// <summary>There is a project of this id.</summary>
    public sealed record AlreadyThere(ProjectId Id) : ProjectOutcome;
}
