using Countersign.Core.Domains;
using Countersign.Core.Enrolments;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Identities in memory, one behind each number.</summary>
internal sealed class MemoryIdentities(params IEnumerable<ProjectIdentity> known) : IIdentityStore
{
    public List<ProjectIdentity> Kept { get; } = [.. known];

    /// <summary>Whom linked projects let anybody see.</summary>
    public IReadOnlyList<(LinkScopes Scope, ProjectIdentity Person)> Linked { get; init; } = [];

    public Task<ProjectIdentity?> FindAsync(ProjectId projectId, Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Find(person => person.ProjectId == projectId && person.Id == id));

    public Task<ProjectId?> FindProjectAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Find(person => person.Id == id)?.ProjectId);

    public Task<ProjectIdentity?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Find(person => person.ProjectId == projectId && person.Number == number && person.HoldsNumber));

    public Task<ProjectIdentity> EnrolAsync(
        ProjectId projectId, PhoneNumber number, IdentityDetails details, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var person = new ProjectIdentity(Guid.CreateVersion7(now), projectId, number, IdentityStatus.Active, now, details);
        Kept.Add(person);
        return Task.FromResult(person);
    }

    public Task<bool> LeaveNumberAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = Kept.FindIndex(person => person.Id == id);
        Kept[at] = Kept[at] with { LeftNumberAt = now };
        return Task.FromResult(true);
    }

    public Task<DateTimeOffset?> FindLeftSinceAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        Task.FromResult(
            Kept.FindLast(person => person.ProjectId == projectId && person.Number == number && !person.HoldsNumber)?.CreatedAt);

    public async Task<ProjectIdentity> ObtainAsync(
        ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(projectId, number, cancellationToken) is { } known)
        {
            return known;
        }
        var person = new ProjectIdentity(Guid.CreateVersion7(now), projectId, number, IdentityStatus.Known, now, new IdentityDetails());
        Kept.Add(person);
        return person;
    }

    public Task<IReadOnlyList<ProjectIdentity>> ListAsync(
        ProjectId projectId, Guid? after, int limit, bool withInactive, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

    public Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
        ProjectId projectId, PhoneNumber number, LinkScopes scope, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ProjectIdentity>>(
            [.. Linked.Where(link => link.Scope == scope && link.Person.Number == number).Select(link => link.Person)]);

    public Task<bool> SetActiveAsync(ProjectId projectId, Guid id, bool isActive, CancellationToken cancellationToken)
    {
        var at = Kept.FindIndex(person => person.ProjectId == projectId && person.Id == id && person.IsEnrolled);
        if (at >= 0)
        {
            Kept[at] = Kept[at] with { Status = isActive ? IdentityStatus.Active : IdentityStatus.Inactive };
        }
        return Task.FromResult(at >= 0);
    }

    public Task<bool> RemoveAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.RemoveAll(person => person.ProjectId == projectId && person.Id == id && person.IsEnrolled) > 0);
}
