using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Refusals about projects and clients.</summary>
internal static class ProjectFaults
{
    /// <summary>All that is said against settings; nothing where they are not refused.</summary>
    public static IReadOnlyList<Fault> Of(ProjectOutcome.Refused? refused) => refused is null ? [] :
    [
        .. refused.Problems.Select(
            problem => Fault.Invalid($"{char.ToLowerInvariant(problem.Setting[0])}{problem.Setting[1..]}", problem.Reason)),
        .. refused.Widened is [] ? [] : new[] { Widened(refused.Widened) },
    ];

    private static Fault Widened(IEnumerable<string> settings) => AdminFaults.Lacking(
        $"is limited to projects, so it may narrow and not widen {string.Join(", ", settings.Select(setting =>
            $"'{JsonNamingPolicy.CamelCase.ConvertName(setting)}'"))}");

    public static Fault Unknown(string id) => Fault.NotFound with
    {
        Message = ProjectId.ProblemOf(id) is null ? $"there is no project '{id}'" : "there is no such project",
    };

    public static Fault UnknownClient(string id) => Fault.NotFound with
    {
        Message = ProjectRules.ProblemOfClientId(id) is null ? $"there is no client '{id}' in this project" : "there is no such client",
    };

    public static Fault Configured(Project project) => Fault.Conflict with
    {
        Message = $"the project '{project.Id}' stands in the server's configuration: change it there and restart the server",
    };

    public static Fault Configured(ApiClient client) => Fault.Conflict with
    {
        Message = $"the client '{client.Id}' stands in the server's configuration: change it there and restart the server",
    };
}
