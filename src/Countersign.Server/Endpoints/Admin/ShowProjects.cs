using Countersign.Core.IdentityMatching;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty.OneCall;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/projects: all projects that the key keeps to.</summary>
internal sealed class ListProjects(IProjectStore projects, ProjectAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call => Answer.Ok(
        new ProjectListResponse([
            .. (await projects.ListProjectsAsync(call.Aborted)).Where(project => call.Caller.Rights.Includes(project.Id))
                .Select(answers.Show),
        ]),
        AdminJson.Answers.ProjectListResponse));
}

/// <summary>GET /admin/projects/{id}: one project.</summary>
internal sealed class ShowProject(IProjectStore projects, ProjectAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
        await projects.FindProjectAsync(call.ProjectId, call.Aborted) is { } project
            ? Answer.Ok(answers.Show(project), AdminJson.Answers.ProjectResponse)
            : Answer.Of(ProjectFaults.Unknown(call.Path("id"))));
}

internal sealed record ProjectListResponse(IReadOnlyList<ProjectResponse> Projects)
{
    public override string ToString() => $"{Projects.Count} projects";
}

/// <param name="Origin">"admin" or "configuration".</param>
/// <param name="KeptSettings">Settings that the project keeps from before their default became stricter, and for which nothing was chosen
/// yet.</param>
/// <param name="Texts">How the project's own wordings, or the server's, go over the air.</param>
internal sealed record ProjectResponse(
    string Id, string Name, string Origin, string ErrorCodes, string LinkConfirmation, string StartShape, string Passkeys,
    string? WebOtpHost, IReadOnlyList<string> WebOrigins, IReadOnlyList<string> TargetUrls, string? OtpText, string? LinkText,
    IReadOnlyList<string> AllowedWords, IReadOnlyList<string> Countries, string NamePolicy, RiskResponse Risk, string IdentityReasons,
    IReadOnlyList<string> OneCall, bool DisclosesSsn, string NumberChange, string DeviceNotice, decimal GuessProbability,
    CapsResponse? Caps, IReadOnlyList<string> KeptSettings, IReadOnlyList<TextReport> Texts)
{
    public static ProjectResponse Of(Project project, decimal guessProbability, IReadOnlyList<TextReport> texts)
    {
        var settings = project.Settings;
        return new ProjectResponse(
            project.Id.ToString(), project.Name, AdminWords.Of(project.Origin), AdminWords.Of(settings.ErrorCodes),
            AdminWords.Of(settings.LinkConfirmation), AdminWords.Of(settings.StartShape), AdminWords.Of(settings.Passkeys),
            settings.WebOtpHost, settings.WebOrigins, settings.TargetUrls, settings.OtpText, settings.LinkText, settings.AllowedWords,
            settings.Countries, AdminWords.Of(settings.NamePolicy), RiskResponse.Of(settings.Risk ?? RiskPolicy.Default),
                AdminWords.Of(settings.IdentityReasons),
            [.. settings.OneCall.Select(OneCallSchemas.WordOf)], settings.DisclosesSsn,
            AdminWords.Of(settings.NumberChange), AdminWords.Of(settings.DeviceNotice), guessProbability, CapsResponse.Of(settings.Caps),
            [.. ProjectSetting.All.Where(setting => project.Keeps(setting.Property)).Select(setting => setting.Member.Name)], texts);
    }

    public override string ToString() => Id;
}
