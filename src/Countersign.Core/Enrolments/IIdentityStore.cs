using Countersign.Core.Domains;

namespace Countersign.Core.Enrolments;

/// <summary>Keeps identities: one for each number of a project. Every write is durable before its task completes.</summary>
public interface IIdentityStore
{
    /// <summary>The identity behind a number, made if there is none. Many may ask at once: all get the same one.</summary>
    Task<ProjectIdentity> ObtainAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Enrols the person behind a number, or renews what is known of them. The id of an earlier identity stays.</summary>
    Task<ProjectIdentity> EnrolAsync(
        ProjectId projectId, PhoneNumber number, IdentityDetails details, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Returns null when the project has no such identity.</summary>
    Task<ProjectIdentity?> FindAsync(ProjectId projectId, Guid id, CancellationToken cancellationToken);

    /// <summary>The project that has an identity of this id; null when none has.</summary>
    Task<ProjectId?> FindProjectAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Returns null when the project has no identity behind this number.</summary>
    Task<ProjectIdentity?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken);

    /// <summary>The project's enrolled identities after the given one, in the order of their ids.</summary>
    Task<IReadOnlyList<ProjectIdentity>> ListAsync(
        ProjectId projectId, Guid? after, int limit, bool withInactive, CancellationToken cancellationToken);

    /// <summary>
    /// The active identities behind a number in the projects that have confirmed this project's request for the scope, in the order of
    /// their ids. Where there is no confirmed link nothing is looked for, so that it takes no longer.
    /// </summary>
    /// <param name="scope">One scope.</param>
    Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
        ProjectId projectId, PhoneNumber number, LinkScopes scope, CancellationToken cancellationToken);

    /// <summary>Activates or deactivates an enrolled identity. Returns false when the project has none of this id.</summary>
    Task<bool> SetActiveAsync(ProjectId projectId, Guid id, bool isActive, CancellationToken cancellationToken);

    /// <summary>Forgets an enrolled identity and unties its devices. Returns false when the project has none of this id.</summary>
    Task<bool> RemoveAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// The number has gone to somebody else: from now on it leads to this identity no more, and the next to be obtained for it is a new
    /// one. The identity keeps its id and what is known of it, is deactivated if it was active, and its devices are untied. When it began
    /// stays on file for the number. Returns false, and changes nothing, when the project has no such identity or it has left its number
    /// before.
    /// </summary>
    Task<bool> LeaveNumberAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// When the identity began that left this number last; null when none did, the next one has begun, or that is forgotten.
    /// </summary>
    Task<DateTimeOffset?> FindLeftSinceAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken);
}
