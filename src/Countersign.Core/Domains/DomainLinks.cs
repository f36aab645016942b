using Countersign.Core.Projects;

namespace Countersign.Core.Domains;

/// <summary>
/// Asks for links, shows, confirms and ends them. The latter two return false for what there is not, whichever part is missing.
/// </summary>
public sealed class DomainLinks(IDomainStore domains, ILinkJournal journal, TimeProvider time)
{
    public async Task<LinkRequestOutcome> RequestAsync(Project from, Guid to, LinkScopes scopes, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(to, cancellationToken) is not { } other)
        {
            return LinkRequestOutcome.NoSuchDomain;
        }
        if (other.ProjectId == from.Id)
        {
            return LinkRequestOutcome.OwnDomain;
        }
        await domains.RequestAsync(from.Id, other.ProjectId, scopes, time.GetUtcNow(), cancellationToken);
        journal.Requested(from.Id, other.ProjectId, scopes);
        return LinkRequestOutcome.Requested;
    }

    /// <summary>
    /// All links and requests from and to a project, oldest request first. What is shown of a request is what the project agrees to when it
    /// confirms without naming scopes.
    /// </summary>
    public async Task<IReadOnlyList<DomainLink>> ShowAsync(Project project, CancellationToken cancellationToken)
    {
        var links = await domains.ListAsync(project.Id, cancellationToken);
        foreach (var link in links.Where(link => link.To.ProjectId == project.Id && link.ReadScopes != link.Scopes))
        {
            await domains.MarkReadAsync(link, cancellationToken);
        }
        return links;
    }

    public async Task<bool> TryConfirmAsync(Project to, Guid from, LinkScopes? scopes, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(from, cancellationToken) is not { } other
            || !await domains.AcceptAsync(other.ProjectId, to.Id, scopes, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }
        journal.Confirmed(other.ProjectId, to.Id);
        return true;
    }

    /// <param name="caller">One of the two.</param>
    public async Task<bool> TryRemoveAsync(Project caller, Guid from, Guid to, CancellationToken cancellationToken)
    {
        if (await domains.FindAsync(caller.Id, cancellationToken) is not { } own
            || (from != own.Pcid && to != own.Pcid)
            || await domains.FindAsync(from == own.Pcid ? to : from, cancellationToken) is not { } other)
        {
            return false;
        }

        var (fromId, toId) = from == own.Pcid ? (own.ProjectId, other.ProjectId) : (other.ProjectId, own.ProjectId);
        if (!await domains.RemoveAsync(fromId, toId, cancellationToken))
        {
            return false;
        }
        journal.Removed(fromId, toId);
        return true;
    }
}

/// <summary>What becomes of a request for a link.</summary>
public enum LinkRequestOutcome
{
    Requested,

    /// <summary>A project needs no link to itself.</summary>
    OwnDomain,

    NoSuchDomain,
}
