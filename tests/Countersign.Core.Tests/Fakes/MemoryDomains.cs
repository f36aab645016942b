using Countersign.Core.Domains;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Links between a few projects, in memory.</summary>
internal sealed class MemoryDomains(params IEnumerable<Domain> all) : IDomainStore
{
    public List<DomainLink> Links { get; } = [];

    public Task<Domain?> FindAsync(Guid pcid, CancellationToken cancellationToken) =>
        Task.FromResult(all.FirstOrDefault(domain => domain.Pcid == pcid));

    public Task<Domain?> FindAsync(ProjectId projectId, CancellationToken cancellationToken) =>
        Task.FromResult(all.FirstOrDefault(domain => domain.ProjectId == projectId));

    public Task RequestAsync(ProjectId from, ProjectId to, LinkScopes scopes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Links.Add(new DomainLink(
            all.Single(domain => domain.ProjectId == from), all.Single(domain => domain.ProjectId == to), scopes, now, AcceptedAt: null));
        return Task.CompletedTask;
    }

    public Task<bool> AcceptAsync(ProjectId from, ProjectId to, LinkScopes? scopes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at = Find(from, to);
        var isAgreed = at >= 0 && (scopes ?? Links[at].ReadScopes ?? LinkScopes.Identities) == Links[at].Scopes;
        if (isAgreed)
        {
            Links[at] = Links[at] with { AcceptedAt = now };
        }
        return Task.FromResult(isAgreed);
    }

    public Task<bool> RemoveAsync(ProjectId from, ProjectId to, CancellationToken cancellationToken)
    {
        var at = Find(from, to);
        if (at >= 0)
        {
            Links.RemoveAt(at);
        }
        return Task.FromResult(at >= 0);
    }

    public Task<IReadOnlyList<DomainLink>> ListAsync(ProjectId projectId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DomainLink>>(
            [.. Links.Where(link => link.From.ProjectId == projectId || link.To.ProjectId == projectId)]);

    public Task MarkReadAsync(DomainLink link, CancellationToken cancellationToken)
    {
        Links[Links.IndexOf(link)] = link with { ReadScopes = link.Scopes };
        return Task.CompletedTask;
    }

    private int Find(ProjectId from, ProjectId to) => Links.FindIndex(link => link.From.ProjectId == from && link.To.ProjectId == to);
}
