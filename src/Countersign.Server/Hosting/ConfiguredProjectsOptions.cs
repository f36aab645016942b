using Countersign.Core;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Providers.Sandbox;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>Relying parties that stand in the configuration (<c>Countersign:Projects</c>).</summary>
internal sealed class ConfiguredProjectsOptions
{
    /// <summary>By their ids, beside those that the admin API makes.</summary>
    public Dictionary<string, ProjectOptions> Projects { get; } = new(StringComparer.Ordinal);
}

/// <param name="mode">Null where it is not known.</param>
/// <param name="rules">
/// What is stored is not known here. Settings that were not chosen, which a stored project may keep, and links in wordings, which may
/// have been taken before, are judged when the store is open.
/// </param>
internal sealed class ConfiguredProjectsOptionsValidator(Mode? mode, ProjectRules rules) : IValidateOptions<ConfiguredProjectsOptions>
{
    public ValidateOptionsResult Validate(string? name, ConfiguredProjectsOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var (id, project) in options.Projects)
        {
            CheckProject(id, project, result);
            CheckClients($"Countersign:Projects:{id}:Clients", project.Clients, result);
        }
        foreach (var twice in options.Projects.SelectMany(project => project.Value.Clients.Keys)
            .GroupBy(client => client, StringComparer.Ordinal).Where(clients => clients.Count() > 1))
        {
            result.AddError($"Countersign:Projects has the client {twice.Key} in two projects. Give each client an id of its own.");
        }
        return result.Build();
    }

    /// <summary>What is wrong with a project's settings, each in a sentence.</summary>
    public static IEnumerable<string> ProblemsOf(string id, ProjectSettings settings, ProjectRules rules) =>
        from problem in rules.Problems(settings)
        let setting = problem.Setting.Replace('[', ':').Replace("]", "", StringComparison.Ordinal)
        select $"Countersign:Projects:{id}:{setting} is invalid: {problem.Reason}.";

    private void CheckProject(string id, ProjectOptions options, ValidateOptionsResultBuilder result)
    {
        var path = $"Countersign:Projects:{id}";
        _ = ProjectId.TryParse(id, out var projectId);
        if (ProjectId.ProblemOf(id) is { } badId)
        {
            result.AddError($"{path}: a project's id {badId}.");
        }
        if (mode == Mode.Sandbox && projectId == SandboxProject.Id)
        {
            result.AddError($"{path} is the sandbox's own project. Its settings are Countersign:Sandbox; give this one another id.");
        }
        if (ProjectRules.ProblemOfName(options.Name ?? id) is { } badName)
        {
            result.AddError($"{path}:Name {badName}.");
        }
        var project = options.ToProject(projectId);
        var known = rules with { Taken = project.Settings, Guesses = options.GuessProbability is null ? GuessBudget.None : rules.Guesses };
        foreach (var problem in ProblemsOf(id, project.Settings, known))
        {
            result.AddError(problem);
        }
    }

    private static void CheckClients(string path, Dictionary<string, string> clients, ValidateOptionsResultBuilder result)
    {
        foreach (var (client, secret) in clients)
        {
            if (ProjectRules.ProblemOfClientId(client) is { } badClient)
            {
                result.AddError($"{path}: a client's id {badClient}.");
            }
            else if (secret is not { Length: >= 32 and <= 256 } || secret.Any(char.IsControl))
            {
                result.AddError($"{path}:{client} must be a secret of 32 to 256 characters. Make one: openssl rand -hex 32.");
            }
        }
    }
}
