using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Providers.Sandbox;

namespace Countersign.Server.Hosting;

/// <summary>Brings what the configuration says about projects and clients into the store, and takes out what it says no longer.</summary>
internal static class ConfiguredProjects
{
    /// <summary>What is wrong with the configuration's projects, each in a sentence.</summary>
    public static IEnumerable<string> Problems(CountersignOptions options)
    {
        // What is stored is not known here. Settings that were not chosen, which a stored project may keep, and links in wordings, which may have been
        // taken before, are judged when the store is open.
        var rules = RulesOf(options);
        foreach (var (id, project) in options.Projects)
        {
            var path = $"Countersign:Projects:{id}";
            if (ProjectRules.ProblemOfId(id) is { } badId)
            {
                yield return $"{path}: a project's id {badId}.";
            }
            if (options.Mode == Mode.Sandbox && id == SandboxProject.Id)
            {
                yield return $"{path} is the sandbox's own project. Its settings are Countersign:Sandbox; give this one another id.";
            }
            if (ProjectRules.ProblemOfName(project.Name ?? id) is { } badName)
            {
                yield return $"{path}:Name {badName}.";
            }
            var settings = project.ToProject(id);
            var known = rules with { Taken = settings.Settings, Guesses = project.GuessProbability is null ? GuessBudget.None : rules.Guesses };
            foreach (var problem in ProblemsOf(settings, known))
            {
                yield return problem;
            }
            foreach (var (client, secret) in project.Clients)
            {
                if (ProjectRules.ProblemOfClientId(client) is { } badClient)
                {
                    yield return $"{path}:Clients: a client's id {badClient}.";
                }
                else if (secret is not { Length: >= 32 and <= 256 } || secret.Any(char.IsControl))
                {
                    yield return $"{path}:Clients:{client} must be a secret of 32 to 256 characters. Make one: openssl rand -hex 32.";
                }
            }
        }
        var twice = options.Projects.SelectMany(project => project.Value.Clients.Keys).GroupBy(client => client, StringComparer.Ordinal)
            .FirstOrDefault(clients => clients.Count() > 1);
        if (twice is not null)
        {
            yield return $"Countersign:Projects has the client {twice.Key} in two projects. Give each client an id of its own.";
        }
    }

    /// <exception cref="ConfigurationException">
    /// A configured client belongs to a project of the admin API, or a project's settings do not go with what it keeps or with a new project's defaults.
    /// </exception>
    public static async Task PutAsync(IServiceProvider services, Settings settings)
    {
        var store = services.GetRequiredService<IProjectStore>();
        var hasher = services.GetRequiredService<SecretHasher>();
        var projects = settings.Options.Projects.Select(project => project.Value.ToProject(project.Key)).ToList();
        var clients = settings.Options.Projects
            .SelectMany(project => project.Value.Clients.Select(client => (Id: client.Key, Project: project.Key, Secret: client.Value)))
            .ToList();
        if (settings.Sandbox is { } credentials)
        {
            projects.Add(SandboxProject.Of(settings.Options.Sandbox));
            clients.Add((credentials.ClientId, SandboxProject.Id, credentials.ClientSecret));
        }

        var stored = await store.ListClientsAsync(projectId: null, CancellationToken.None);
        foreach (var (id, project, _) in clients)
        {
            if (stored.FirstOrDefault(client => client.Id == id) is { Origin: ProjectOrigin.Admin } made && made.ProjectId != project)
            {
                throw new ConfigurationException(
                    $"Countersign:Projects:{project}:Clients:{id} is the id of a client that the admin API made for the project {made.ProjectId}. Choose another id.");
            }
        }

        var present = (await store.ListProjectsAsync(CancellationToken.None)).ToDictionary(project => project.Id, StringComparer.Ordinal);
        projects = [.. projects.Select(project => settings.Stricter.Carry(project, present.GetValueOrDefault(project.Id)))];
        var problems = new Problems();
        var rules = RulesOf(settings.Options);
        problems.AddRange(projects.SelectMany(project => ProblemsOf(project, rules with { Taken = present.GetValueOrDefault(project.Id)?.Settings })));
        problems.ThrowIfAny();
        foreach (var project in projects)
        {
            await store.PutAsync(project, CancellationToken.None);
        }
        foreach (var (id, project, secret) in clients)
        {
            await store.PutAsync(
                new ApiClient(id, project, ClientSecrets.HashOf(hasher, secret)) { Origin = ProjectOrigin.Configuration }, CancellationToken.None);
        }
        await ReleaseAsync(store, projects, [.. clients.Select(client => client.Id)], stored);
    }

    /// <summary>Names the wordings that were taken before and would be refused today, at each start: they go on, since a server has to start after an upgrade.</summary>
    public static async Task WarnAsync(IServiceProvider services, Settings settings)
    {
        var rules = RulesOf(settings.Options);
        foreach (var project in await services.GetRequiredService<IProjectStore>().ListProjectsAsync(CancellationToken.None))
        {
            foreach (var (setting, reason) in rules.ProblemsOfTaken(project.Settings))
            {
                Log.WordingKept(services.GetRequiredService<ILogger<ProjectRules>>(), project.Id, setting, reason);
            }
        }
    }

    private static ProjectRules RulesOf(CountersignOptions options) => new(
        options.PublicUrl ?? "http://127.0.0.1:8080", options.Mode == Mode.Live ? options.Countries : null, Settings.GuessesOf(options));

    private static IEnumerable<string> ProblemsOf(Project project, ProjectRules rules) =>
        from problem in rules.Problems(project.Settings)
        select $"Countersign:Projects:{project.Id}:{problem.Setting.Replace('[', ':').Replace("]", "", StringComparison.Ordinal)} is invalid: {problem.Reason}.";

    // Credentials that were taken out of the configuration must not open anything any more. A project stays, since identities and running
    // flows belong to it; from now on it is the admin API's.
    private static async Task ReleaseAsync(IProjectStore store, List<Project> projects, HashSet<string> clients, IReadOnlyList<ApiClient> stored)
    {
        foreach (var client in stored.Where(client => client.Origin == ProjectOrigin.Configuration && !clients.Contains(client.Id)))
        {
            await store.RemoveClientAsync(client.Id, CancellationToken.None);
        }
        foreach (var project in await store.ListProjectsAsync(CancellationToken.None))
        {
            if (project.Origin == ProjectOrigin.Configuration && projects.TrueForAll(configured => configured.Id != project.Id))
            {
                await store.PutAsync(project with { Origin = ProjectOrigin.Admin }, CancellationToken.None);
            }
        }
    }
}
