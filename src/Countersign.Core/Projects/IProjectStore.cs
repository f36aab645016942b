namespace Countersign.Core.Projects;

/// <summary>Keeps projects and their API clients.</summary>
public interface IProjectStore
{
    /// <summary>Adds the project or replaces the one with its id.</summary>
    Task PutAsync(Project project, CancellationToken cancellationToken);

    /// <summary>Adds the client or replaces the one with its id.</summary>
    Task PutAsync(ApiClient client, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such project.</summary>
    Task<Project?> FindProjectAsync(string projectId, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such client.</summary>
    Task<ApiClient?> FindClientAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>Removes all clients of a project but one: the sandbox keeps the credentials of its configuration and no others.</summary>
    Task RemoveOtherClientsAsync(string projectId, string clientId, CancellationToken cancellationToken);
}
