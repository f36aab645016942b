using Countersign.Core.Domains;
using Countersign.Core.Projects;

namespace Countersign.Core.Enrolments;

/// <summary>What a project and those linked with it know of the persons that it has enrolled.</summary>
public sealed class LinkedIdentities(IIdentityStore identities, IDomainStore domains, ProjectPermissions permissions)
{
    /// <summary>
    /// Returns null when the project has enrolled no such identity: unknown, another project's and never enrolled are one answer.
    /// </summary>
    public async Task<ProjectIdentity?> FindEnrolledAsync(Project project, Guid id, CancellationToken cancellationToken) =>
        await identities.FindAsync(project.Id, id, cancellationToken) is { IsEnrolled: true } identity ? identity : null;

    /// <summary>
    /// The same person in the projects that let this one see who is enrolled there; null when this one has not enrolled them.
    /// </summary>
    public async Task<IReadOnlyList<(Domain Domain, ProjectIdentity Identity)>?> ListSameAsync(
        Project project, Guid id, CancellationToken cancellationToken) =>
        await FindEnrolledAsync(project, id, cancellationToken) is { } own
            ? await WithDomainsAsync(await ListLinkedAsync(own, LinkScopes.Identities, cancellationToken), cancellationToken)
            : null;

    /// <summary>
    /// What this project and those that let it see attributes keep with the same person, as far as this one may see it; null when this one
    /// has not enrolled them.
    /// </summary>
    public async Task<IReadOnlyList<(Guid IssuerId, IdentityFact Fact)>?> ListFactsAsync(
        Project project, Guid id, CancellationToken cancellationToken)
    {
        if (await FindEnrolledAsync(project, id, cancellationToken) is not { } own)
        {
            return null;
        }
        var seesWholeSsn = permissions.SeesWholeSsn(project.Settings);
        var linked = await ListLinkedAsync(own, LinkScopes.Attributes, cancellationToken);
        var keeping = linked.Prepend(own).Where(identity => identity.Details.Facts is { Count: > 0 });
        return
        [
            .. (await WithDomainsAsync(keeping, cancellationToken))
                .SelectMany(pair => (pair.Identity.Details.Facts ?? []).Select(fact =>
                    (pair.Domain.IssuerId, seesWholeSsn ? fact : fact.WithoutWholeSsn()))),
        ];
    }

    /// <summary>The same person in linked projects; none once their number has gone to somebody else: it would lead to them.</summary>
    private async Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
        ProjectIdentity own, LinkScopes scope, CancellationToken cancellationToken) =>
        own.HoldsNumber ? await identities.ListLinkedAsync(own.ProjectId, own.Number, scope, cancellationToken) : [];

    private async Task<IReadOnlyList<(Domain Domain, ProjectIdentity Identity)>> WithDomainsAsync(
        IEnumerable<ProjectIdentity> persons, CancellationToken cancellationToken)
    {
        var found = new List<(Domain, ProjectIdentity)>();
        foreach (var person in persons)
        {
            // A project may have been removed meanwhile.
            if (await domains.FindAsync(person.ProjectId, cancellationToken) is { } domain)
            {
                found.Add((domain, person));
            }
        }
        return found;
    }
}
