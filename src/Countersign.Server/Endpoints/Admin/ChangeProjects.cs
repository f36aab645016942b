using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>POST /admin/projects: a new project.</summary>
internal sealed class CreateProject(ProjectChanges projects, ProjectRules rules, ProjectAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        Read,
        async call => call.Caller.Rights.Includes(call.Request.Id)
            ? answers.Of(
                call, await projects.CreateAsync(call.Request, !call.Caller.Rights.IsLimited, rules, call.Aborted), "created",
                StatusCodes.Status201Created)
            // Whether it exists is not told.
            : Answer.Of(AdminFaults.Lacking($"is limited to projects, and '{call.Request.Id}' is none of them")),
        judge: call => Task.FromResult(
            ProjectFaults.Of(ProjectChanges.RefusalOf(call.Request.Settings, !call.Caller.Rights.IsLimited, rules))));

    private Project Read(RequestBody body)
    {
        var (id, name) = (body.Read(AdminMembers.Id), body.Read(AdminMembers.Name));
        ProjectSetting.CheckConfirmation(body, rules, isNew: true);
        return new Project(id, name ?? id.ToString(), ProjectSetting.ReadAll(body, new ProjectSettings()).Settings);
    }
}

/// <summary>PATCH /admin/projects/{id}: changes what is named; null gives it its default, where it has one.</summary>
internal sealed class ChangeProject(ProjectChanges projects, ProjectRules rules, ProjectAnswers answers) : IEndpoint
{
    // What the body changes is only known when the project is: it is read into a function.
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        Read,
        async call => answers.Of(
            call,
            await projects.ChangeAsync(
                call.ProjectId, call.Request.Change, call.Request.Named, !call.Caller.Rights.IsLimited, rules, call.Aborted),
            "changed"),
        judge: async call => ProjectFaults.Of(
            await projects.JudgeAsync(
                call.ProjectId, call.Request.Change, call.Request.Named, !call.Caller.Rights.IsLimited, rules, call.Aborted)
                as ProjectOutcome.Refused));

    private ProjectChange Read(RequestBody body)
    {
        var name = body.Read(AdminMembers.Name);
        var isNamed = body.IsNamed(AdminMembers.Name);
        ProjectSetting.CheckConfirmation(body, rules, isNew: false);
        // Once now, so that what is wrong with the body is told before the project is looked for.
        var chosen = ProjectSetting.ReadAll(body, new ProjectSettings()).Chosen;
        return new ProjectChange(
            project => (project with
            {
                Name = isNamed ? name ?? project.Id.ToString() : project.Name,
                Settings = ProjectSetting.ReadAll(body, project.Settings).Settings,
            }).Choosing(chosen),
            chosen);
    }
}

/// <summary>DELETE /admin/projects/{id}: the project, its clients, and all that is kept for it.</summary>
internal sealed class DeleteProject(ProjectChanges projects, AdminKeyDirectory keys, ProjectAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var outcome = await projects.RemoveAsync(call.ProjectId, !call.Caller.Rights.IsLimited, call.Aborted);
        // Keys that kept to it do so no more.
        keys.Forget();
        return answers.Of(call, outcome, "deleted", StatusCodes.Status204NoContent);
    });
}

/// <summary>What a call changes.</summary>
/// <param name="Change">Makes the project that is wanted out of the present one.</param>
/// <param name="Named">The settings that the body names, by their properties.</param>
internal sealed record ProjectChange(Func<Project, Project> Change, IReadOnlyCollection<string> Named)
{
    public override string ToString() => string.Join(", ", Named);
}
