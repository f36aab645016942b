namespace Countersign.Core.Domains;

/// <summary>
/// Keeps the links between projects: at most one from one project to another. Every write is durable before its task completes.
/// </summary>
public interface IDomainStore
{
    /// <summary>Returns null when no project has this pcid; it costs the same.</summary>
    Task<Domain?> FindAsync(Guid pcid, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such project.</summary>
    Task<Domain?> FindAsync(ProjectId projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a request. The same one again changes nothing. With other scopes it is a new request, and a link that was confirmed ends until
    /// this one is: nobody widens a link alone.
    /// </summary>
    Task RequestAsync(ProjectId from, ProjectId to, LinkScopes scopes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Confirms what was requested. Returns false when nothing was, or something else than what is agreed to; true when it is confirmed, by
    /// this call or before.
    /// </summary>
    /// <param name="scopes">
    /// What is agreed to. Null agrees to what the asked project has read last, and where it has read nothing to
    /// <see cref="LinkScopes.Identities"/> alone, which is what a request without scopes asks for.
    /// </param>
    Task<bool> AcceptAsync(ProjectId from, ProjectId to, LinkScopes? scopes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes a link or a request. Returns false when there is neither.</summary>
    Task<bool> RemoveAsync(ProjectId from, ProjectId to, CancellationToken cancellationToken);

    /// <summary>All links and requests from and to a project, oldest request first.</summary>
    Task<IReadOnlyList<DomainLink>> ListAsync(ProjectId projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what the asked project has been shown of a request, so that it confirms that and nothing else. Where the request is another
    /// one by now, nothing of it has been read, whatever was read before.
    /// </summary>
    /// <param name="link">As it was read.</param>
    Task MarkReadAsync(DomainLink link, CancellationToken cancellationToken);
}
