using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin.Records;

/// <summary>Which projects records are for, and what a key that is limited to projects may do with a source.</summary>
internal sealed class SourceProjects(IProjectStore projects, IRecordSources sources)
{
    /// <summary>The projects that an import is for: those that are named, else the server's only one.</summary>
    public async Task<OrFault<ProjectId[]>> OfImportAsync(
        IReadOnlyList<ProjectId> named, AdminRights rights, CancellationToken cancellationToken)
    {
        if (named.Count > 0)
        {
            return await CheckAsync(named, rights, cancellationToken);
        }
        return await projects.ListProjectsAsync(cancellationToken) switch
        {
            [var only] when rights.Includes(only.Id) => new[] { only.Id },
            [] => Fault.Conflict with { Message = "there is no project yet that could see these records; create one first" },
            // Of the projects of others a key that is limited learns nothing.
            _ => Fault.Malformed(
                $"field '{RecordMembers.Projects}' is missing: say whose these records are (countersign records import --project)"),
        };
    }

    /// <summary>The same projects, each once, if all of them exist for the key.</summary>
    public async Task<OrFault<ProjectId[]>> CheckAsync(
        IReadOnlyList<ProjectId> named, AdminRights rights, CancellationToken cancellationToken)
    {
        var faults = await FaultsOfAsync(named, rights, cancellationToken);
        return faults.Count > 0 ? Fault.OfAll(faults) : named.Distinct().ToArray();
    }

    /// <summary>A fault for each project that does not exist for the key.</summary>
    public async Task<IReadOnlyList<Fault>> FaultsOfAsync(
        IReadOnlyList<ProjectId> named, AdminRights rights, CancellationToken cancellationToken)
    {
        var faults = new List<Fault>();
        foreach (var id in named.Distinct())
        {
            if (!rights.Includes(id) || await projects.FindProjectAsync(id, cancellationToken) is null)
            {
                faults.Add(Fault.Invalid(RecordMembers.Projects, $"names '{id}', and there is no such project"));
            }
        }
        return faults;
    }

    /// <summary>
    /// May the key give records of this source? One that is limited may where nobody sees them but its own projects: what an import says of
    /// records that were there before is theirs then.
    /// </summary>
    public async Task<bool> MayGiveAsync(SourceName source, AdminRights rights, CancellationToken cancellationToken) =>
        !rights.IsLimited
            || await sources.FindAsync(source, cancellationToken) is not { } known
            || (known is { IsForAll: false, Projects.Count: > 0 } && known.Projects.All(rights.Includes));

    /// <summary>May the key do something with this import?</summary>
    public async Task<bool> MaySeeAsync(RecordImport import, AdminRights rights, CancellationToken cancellationToken) =>
        !rights.IsLimited
            || (import.Plan.Projects is { Count: > 0 } its && its.All(rights.Includes)
                && await MayGiveAsync(import.Plan.Source, rights, cancellationToken));
}
