using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/projects: a new project.</summary>
internal static class CreateProject
{
    public static RequestDelegate Endpoint { get; } = AdminEndpoint.Of(Read, async call =>
    {
        var project = call.Request;
        if (ProjectFaults.Of(call.Service<ProjectRules>().Problems(project.Settings)) is { } fault)
        {
            return Answer.Of(fault);
        }
        if (!await call.Service<IProjectStore>().TryAddAsync(project, call.Aborted))
        {
            return Answer.Of(Fault.Conflict with { Message = $"there is a project '{project.Id}' already" });
        }
        call.Service<ProjectDirectory>().Forget();
        Log.ProjectChanged(call.Service<ILogger<Project>>(), project.Id, "created", call.Caller.Name);
        return Answer.Ok(ProjectResponse.Of(project, call.Context), AdminJson.Answers.ProjectResponse) with { Status = StatusCodes.Status201Created };
    });

    private static Project Read(RequestBody body)
    {
        _ = ProjectId.TryParse(body.Text("id", isRequired: true, ProjectId.ProblemOf), out var id);
        return new Project(
            id, body.Text("name", isRequired: true, ProjectRules.ProblemOfName)?.Trim() ?? "", ProjectSetting.ReadAll(body, new ProjectSettings()));
    }
}

/// <summary>PATCH /admin/projects/{id}: changes the settings that are named; null gives one its default.</summary>
internal static class ChangeProject
{
    // What the body changes is only known when the project is: it is read into a function.
    public static RequestDelegate Endpoint { get; } = AdminEndpoint.Of(Read, async call =>
    {
        var store = call.Service<IProjectStore>();
        if (await store.FindProjectAsync(call.ProjectId, call.Aborted) is not { } present)
        {
            return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
        }
        if (present.Origin == ProjectOrigin.Configuration)
        {
            return Answer.Of(ProjectFaults.Configured(present));
        }
        var project = call.Request.Change(present);
        var problems = call.Service<ProjectRules>().ProblemsOfChange(present.Settings, project.Settings, call.Request.Named);
        if (ProjectFaults.Of(problems) is { } fault)
        {
            return Answer.Of(fault);
        }
        await store.PutAsync(project, call.Aborted);
        call.Service<ProjectDirectory>().Forget();
        Log.ProjectChanged(call.Service<ILogger<Project>>(), present.Id, "changed", call.Caller.Name);
        return Answer.Ok(ProjectResponse.Of(project, call.Context), AdminJson.Answers.ProjectResponse);
    });

    private static ProjectChange Read(RequestBody body)
    {
        var name = body.Text("name", check: ProjectRules.ProblemOfName)?.Trim();
        // Once now, so that what is wrong with the body is told before the project is looked for.
        _ = ProjectSetting.ReadAll(body, new ProjectSettings());
        var named = ProjectSetting.ChosenBy(body).ToHashSet(StringComparer.Ordinal);
        return new ProjectChange(
            project => (project with { Name = name ?? project.Name, Settings = ProjectSetting.ReadAll(body, project.Settings) }).Choosing(named), named);
    }
}

/// <summary>DELETE /admin/projects/{id}: the project, its clients, and all that is kept for it.</summary>
internal static class DeleteProject
{
    public static RequestDelegate Endpoint { get; } = AdminEndpoint.OfPath(async call =>
    {
        var store = call.Service<IProjectStore>();
        if (await store.FindProjectAsync(call.ProjectId, call.Aborted) is not { } project)
        {
            return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
        }
        if (project.Origin == ProjectOrigin.Configuration)
        {
            return Answer.Of(ProjectFaults.Configured(project));
        }
        if (!await store.RemoveProjectAsync(project.Id, call.Aborted))
        {
            return Answer.Of(ProjectFaults.Unknown(project.Id.ToString()));
        }
        call.Service<ProjectDirectory>().Forget();
        Log.ProjectChanged(call.Service<ILogger<Project>>(), project.Id, "deleted", call.Caller.Name);
        return Answer.NoContent;
    });
}

/// <summary>What a call changes.</summary>
/// <param name="Change">Makes the project that is wanted out of the present one.</param>
/// <param name="Named">The settings that the body names, by their properties.</param>
internal sealed record ProjectChange(Func<Project, Project> Change, IReadOnlyCollection<string> Named)
{
    public override string ToString() => string.Join(", ", Named);
}

/// <summary>Refusals about projects and clients.</summary>
internal static class ProjectFaults
{
    /// <summary>All that the rules say against settings, or null.</summary>
    public static Fault? Of(IEnumerable<(string Setting, string Reason)> problems)
    {
        var told = problems
            .Select(problem => $"field '{char.ToLowerInvariant(problem.Setting[0])}{problem.Setting[1..]}' is invalid: {problem.Reason}").ToList();
        return told.Count == 0 ? null : Fault.Malformed(string.Join("; ", told));
    }

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
