namespace Countersign.Core.Projects;

/// <summary>Keeps projects and their API clients.</summary>
public interface IProjectStore
{
    /// <summary>Adds the project or replaces the one with its id.</summary>
    Task PutAsync(Project project, CancellationToken cancellationToken);

    /// <summary>Adds the client or replaces the one with its id.</summary>
    Task PutAsync(ApiClient client, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such project.</summary>
    Task<Project?> FindProjectAsync(ProjectId projectId, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such client.</summary>
    Task<ApiClient?> FindClientAsync(ClientId clientId, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a project as it stands: again where somebody was first, so that nothing of theirs is lost.
    /// </summary>
    /// <param name="change">Null to leave it as it is.</param>
    /// <returns>False when there is no such project, or it was left as it is.</returns>
    Task<bool> TryChangeAsync(ProjectId projectId, Func<Project, Project?> change, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the project; false when there is one with its id. One that is refused, since somebody changed its row in the database, is
    /// written anew.
    /// </summary>
    Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken);

    /// <summary>Adds the client; false when there is one with its id, in whatever project. One that is refused is written anew.</summary>
    Task<bool> TryAddAsync(ApiClient client, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the client's secrets if it still has the one that was read; false when somebody was first, or it is gone.
    /// </summary>
    Task<bool> TryRotateAsync(ApiClient client, SecretHash read, CancellationToken cancellationToken);

    /// <summary>Replaces the client's keys; false when it is gone.</summary>
    Task<bool> TrySetKeysAsync(ClientId clientId, ClientKeys keys, CancellationToken cancellationToken);

    /// <summary>All projects, by their ids.</summary>
    Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken);

    /// <summary>The clients of a project, or all, by their ids.</summary>
    Task<IReadOnlyList<ApiClient>> ListClientsAsync(ProjectId? projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Stores what projects keep that were there before a default became stricter (<see cref="StricterDefaults"/>), where that is not
    /// stored yet.
    /// </summary>
    Task StoreKeptAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Removes a project with its clients and all that is kept for it: identities, devices, passkeys, links, flows and their texts. What is
    /// a lot goes first, in pieces, and the project itself last: a removal that was interrupted is called again.
    /// </summary>
    /// <returns>False when there is no such project.</returns>
    Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken);

    /// <summary>Removes a client; false when there is no such client.</summary>
    Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken);
}
