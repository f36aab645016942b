using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Providers.Sandbox;

namespace Countersign.Server.Hosting;

/// <summary>Brings what the configuration says about projects and clients into the store, and takes out what it says no longer.</summary>
internal static class ConfiguredProjects
{
    /// <exception cref="ConfigurationException">
    /// A configured client belongs to a project of the admin API, or a project's settings do not go with what it keeps or with a new
    /// project's defaults.
    /// </exception>
    public static async Task PutAsync(IServiceProvider services, Settings settings)
    {
        var store = services.GetRequiredService<IProjectStore>();
        var hasher = services.GetRequiredService<SecretHasher>();
        var projects = settings.Projects.Projects.Select(project => project.Value.ToProject(ProjectId.Parse(project.Key))).ToList();
        var clients = settings.Projects.Projects
            .SelectMany(project => project.Value.Clients.Select(
                client => (Id: ClientId.Parse(client.Key), Project: ProjectId.Parse(project.Key), Secret: client.Value)))
            .ToList();
        if (settings.Credentials is { } credentials)
        {
            projects.Add(SandboxProject.Of(settings.Sandbox));
            clients.Add((ClientId.Parse(credentials.ClientId), SandboxProject.Id, credentials.ClientSecret));
        }

        var stored = await store.ListClientsAsync(projectId: null, CancellationToken.None);
        foreach (var (id, project, _) in clients)
        {
            if (stored.FirstOrDefault(client => client.Id == id) is { Origin: ProjectOrigin.Admin } made && made.ProjectId != project)
            {
                throw new ConfigurationException(
                    $"Countersign:Projects:{project}:Clients:{id} is the id of a client that the admin API made for the project "
                        + $"{made.ProjectId}. Choose another id.");
            }
        }

        var present = (await store.ListProjectsAsync(CancellationToken.None)).ToDictionary(project => project.Id);
        projects = [.. projects.Select(project => settings.Stricter.Carry(project, present.GetValueOrDefault(project.Id)))];
        var wordings = projects.SelectMany(project => ConfiguredProjectsOptionsValidator.ProblemsOf(
            project.Id.ToString(), project.Settings,
            settings.ProjectRules with { Taken = present.GetValueOrDefault(project.Id)?.Settings }));
        ConfigurationException.ThrowIfAny(wordings.Concat(Unconfirmed(settings, projects)));
        foreach (var project in projects)
        {
            await store.PutAsync(project, CancellationToken.None);
        }
        foreach (var (id, project, secret) in clients)
        {
            await store.PutAsync(
                new ApiClient(id, project, ClientSecrets.HashOf(hasher, secret)) { Origin = ProjectOrigin.Configuration },
                CancellationToken.None);
        }
        await ReleaseAsync(store, projects, [.. clients.Select(client => client.Id)], stored);
    }

    private static IEnumerable<string> Unconfirmed(Settings settings, List<Project> projects) =>
        from project in projects
        let isChosen = project.Keeps(nameof(ProjectSettings.LinkConfirmation))
            || settings.Projects.Projects.GetValueOrDefault(project.Id.ToString())?.LinkConfirmation is not null
        let lacking = settings.ProjectRules.LackingConfirmation(isChosen, way => way.ToString())
        where lacking is not null
        select $"Countersign:Projects:{project.Id}:LinkConfirmation is missing: {lacking}.";

    /// <summary>
    /// Names the wordings that were taken before and would be refused today, at each start: they go on, since a server has to start after
    /// an upgrade.
    /// </summary>
    public static async Task WarnAsync(IServiceProvider services, Settings settings)
    {
        foreach (var project in await services.GetRequiredService<IProjectStore>().ListProjectsAsync(CancellationToken.None))
        {
            foreach (var (setting, reason) in settings.ProjectRules.ProblemsOfTaken(project.Settings))
            {
                Log.WordingKept(services.GetRequiredService<ILogger<ProjectRules>>(), project.Id, setting, reason);
            }
        }
    }

    // Credentials that were taken out of the configuration must not open anything any more. A project stays, since identities and running
    // flows belong to it; from now on it is the admin API's.
    private static async Task ReleaseAsync(
        IProjectStore store, List<Project> projects, HashSet<ClientId> clients, IReadOnlyList<ApiClient> stored)
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
