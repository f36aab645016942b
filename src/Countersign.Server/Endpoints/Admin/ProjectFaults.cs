using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>Refusals about projects and clients.</summary>
internal static class ProjectFaults
{
    /// <summary>All that the rules say against settings.</summary>
    public static Fault Of(IEnumerable<(string Setting, string Reason)> problems) => Fault.Malformed(string.Join("; ", problems.Select(
        problem => $"field '{char.ToLowerInvariant(problem.Setting[0])}{problem.Setting[1..]}' is invalid: {problem.Reason}")));

    /// <summary>Settings that only a key of all projects may widen.</summary>
    public static Fault Widened(IEnumerable<string> settings) => AdminFaults.Lacking(
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
