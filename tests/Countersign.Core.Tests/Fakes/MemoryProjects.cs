using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Projects and API clients in memory; counts what it is asked for.</summary>
internal sealed class MemoryProjects(params IEnumerable<Project> known) : IProjectStore
{
    public List<Project> Projects { get; } = [.. known];

    public Dictionary<ClientId, ApiClient> Clients { get; } = [];

    public int Reads { get; private set; }

    /// <summary>Another call is always first.</summary>
    public bool LosesRaces { get; init; }

    public Task<Project?> FindProjectAsync(ProjectId projectId, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Projects.Find(project => project.Id == projectId));
    }

    public Task<ApiClient?> FindClientAsync(ClientId clientId, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Clients.GetValueOrDefault(clientId));
    }

    public Task<bool> TryAddAsync(ApiClient client, CancellationToken cancellationToken) =>
        Task.FromResult(Clients.TryAdd(client.Id, client));

    public Task<bool> TryRotateAsync(ApiClient client, SecretHash read, CancellationToken cancellationToken)
    {
        var isFirst = !LosesRaces && Clients[client.Id].Secret == read;
        if (isFirst)
        {
            Clients[client.Id] = client;
        }
        return Task.FromResult(isFirst);
    }

    public Task<bool> TrySetKeysAsync(ClientId clientId, ClientKeys keys, CancellationToken cancellationToken)
    {
        var isThere = Clients.TryGetValue(clientId, out var client);
        if (isThere)
        {
            Clients[clientId] = client! with { Keys = keys };
        }
        return Task.FromResult(isThere);
    }

    public Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken) =>
        Task.FromResult(Clients.Remove(clientId));

    public Task PutAsync(Project project, CancellationToken cancellationToken)
    {
        Projects.RemoveAll(known => known.Id == project.Id);
        Projects.Add(project);
        return Task.CompletedTask;
    }

    public Task<bool> TryChangeAsync(ProjectId projectId, Func<Project, Project?> change, CancellationToken cancellationToken)
    {
        Reads++;
        var i = Projects.FindIndex(known => known.Id == projectId);
        if (i < 0 || change(Projects[i]) is not { } changed || LosesRaces)
        {
            return Task.FromResult(false);
        }
        Projects[i] = changed;
        return Task.FromResult(true);
    }

    public Task PutAsync(ApiClient client, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken)
    {
        var isFirst = !Projects.Exists(known => known.Id == project.Id);
        if (isFirst)
        {
            Projects.Add(project);
        }
        return Task.FromResult(isFirst);
    }

    public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult<IReadOnlyList<Project>>([.. Projects]);
    }

    public Task<IReadOnlyList<ApiClient>> ListClientsAsync(ProjectId? projectId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task StoreKeptAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken) =>
        Task.FromResult(!LosesRaces && Projects.RemoveAll(known => known.Id == projectId) > 0);
}
