using System.Diagnostics;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What calls about projects are answered on this server.</summary>
internal sealed class ProjectAnswers(TextReports texts, GuessBudget guesses, ILogger<Project> logger)
{
    public ProjectResponse Show(Project project) => ProjectResponse.Of(
        project, guesses.AsSet(project.Settings.GuessProbability), texts.Of(project));

    /// <param name="done">What was done, for the log.</param>
    /// <param name="status">Of an answer without a refusal.</param>
    public Answer Of<TRequest>(AdminCall<TRequest> call, ProjectOutcome outcome, string done, int status = StatusCodes.Status200OK)
    {
        switch (outcome)
        {
            case ProjectOutcome.Done { Project: var project }:
                Log.ProjectChanged(logger, project.Id, done, call.Caller.Name);
                return status == StatusCodes.Status204NoContent
                    ? Answer.NoContent
                    : Answer.Ok(Show(project), AdminJson.Answers.ProjectResponse) with { Status = status };
            case ProjectOutcome.Refused refused:
                return Answer.Of(Fault.OfAll(ProjectFaults.Of(refused)));
            case ProjectOutcome.NoSuchProject:
                return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
            case ProjectOutcome.Configured { Project: var project }:
                return Answer.Of(ProjectFaults.Configured(project));
            case ProjectOutcome.AlreadyThere { Id: var id }:
                return Answer.Of(Fault.Conflict with { Message = $"there is a project '{id}' already" });
            default:
                throw new UnreachableException();
        }
    }
}
