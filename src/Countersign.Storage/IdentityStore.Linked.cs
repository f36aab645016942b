using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>What other projects show of theirs. Each has a key of its own.</summary>
internal sealed partial class IdentityStore
{
    public async Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
        ProjectId projectId, PhoneNumber number, LinkScopes scope, CancellationToken cancellationToken)
    {
        var linked = await database.ReadAsync(
            new Statement(
                $"SELECT l.to_project FROM domain_links l WHERE {Shows}",
                ("@project_id", projectId), ("@scope", ScopeOf(scope))),
            row => (KeyOwner)ProjectId.Parse(row.GetString(0)), cancellationToken);
        if (linked.Count == 0)
        {
            return [];
        }
        var everywhere = await LineEverywhere.OfAsync(lines, number, linked, former: null, cancellationToken);
        var found = new List<ProjectIdentity>();
        foreach (var all in _numbers.AllOf(number, everywhere))
        {
            var (identities, _) = await ReadAsync(
                new Statement(
                    $"""
                    SELECT i.id, i.project_id, i.standing, i.created_at, i.body, i.left_at
                    FROM domain_links l JOIN identities i ON i.project_id = l.to_project AND i.number_hash IN {NumberHashes.All}
                    WHERE {Shows} AND i.standing = @standing
                    """,
                    [
                        .. all,
                        ("@project_id", projectId),
                        ("@scope", ScopeOf(scope)),
                        ("@standing", (long)IdentityStatus.Active),
                    ]),
                everywhere.Known, cancellationToken);
            found.AddRange(identities);
        }
        return [.. found.OrderBy(identity => identity.Id)];
    }

    private const string Shows =
        "l.from_project = @project_id AND l.accepted_at IS NOT NULL AND ' ' || l.scopes || ' ' LIKE @scope";

    private static string ScopeOf(LinkScopes scope) => $"% {DomainStore.TextOf(scope)} %";
}
