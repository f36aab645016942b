using Countersign.Core.Money;

namespace Countersign.Core.Projects;

/// <summary>The caps that projects have in their settings. One that was changed at another node holds within 30 seconds.</summary>
public sealed class ProjectCaps(ProjectDirectory projects) : IProjectCaps
{
    public async ValueTask<Caps?> FindAsync(ProjectId project, CancellationToken cancellationToken) =>
        (await projects.FindProjectAsync(project, cancellationToken))?.Settings.Caps;
}
