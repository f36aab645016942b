using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// The one project that a list is narrowed to. One that there is not is refused where nothing was found: it must not pass for one in which
/// nothing is. What an audit still has of a project that was deleted is found.
/// </summary>
internal sealed class OnlyProjects(IProjectStore projects)
{
    /// <summary>
    /// The projects to look in: null for all. One that the key does not keep to is as good as none.
    /// </summary>
    public static IReadOnlyList<ProjectId>? In(ProjectId? only, AdminRights rights) =>
        only is not { } project ? rights.Projects : rights.Includes(project) ? [project] : [];

    /// <summary>Null where there is such a project, or none was named.</summary>
    public async Task<Answer?> RefusalAsync(ProjectId? only, AdminRights rights, CancellationToken cancellationToken) =>
        only is not { } project || (rights.Includes(project) && await projects.FindProjectAsync(project, cancellationToken) is not null)
            ? null
            : Answer.Of(Fault.Invalid(AdminMembers.OnlyProject, $"there is no project '{project}'"));
}
