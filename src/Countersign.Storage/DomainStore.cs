using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Domains;

namespace Countersign.Storage;

/// <summary>Links are between relying parties and in clear: no person is in them.</summary>
internal sealed class DomainStore(IDatabase database) : IDomainStore
{
    // Stored words are for ever.
    private static readonly (LinkScopes Scope, string Word)[] _words =
        [(LinkScopes.Identities, "identities"), (LinkScopes.Attributes, "attributes")];

    /// <summary>The scopes as they are stored: their words, always in the same order, with a space between.</summary>
    public static string TextOf(LinkScopes scopes) =>
        string.Join(' ', _words.Where(pair => scopes.HasFlag(pair.Scope)).Select(pair => pair.Word));

    public async Task<Domain?> FindAsync(Guid pcid, CancellationToken cancellationToken)
    {
        // Of earlier projects no pcid is kept. Projects are few, and reading them all tells nobody which exist.
        var domains = await database.ReadAsync(
            new Statement("SELECT id, name, pcid, issuer_id FROM projects"), row => ReadDomain(row, 0), cancellationToken);
        return domains.Find(domain => domain.Pcid == pcid);
    }

    public Task<Domain?> FindAsync(ProjectId projectId, CancellationToken cancellationToken) => database.FindAsync(
        new Statement("SELECT id, name, pcid, issuer_id FROM projects WHERE id = @id", ("@id", projectId)), row =>
            ReadDomain(row, 0), cancellationToken);

    public Task RequestAsync(ProjectId from, ProjectId to, LinkScopes scopes, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO domain_links (from_project, to_project, scopes, requested_at, accepted_at)
                    VALUES (@from, @to, @scopes, @now, NULL)
                    ON CONFLICT (from_project, to_project) DO UPDATE
                    SET scopes = excluded.scopes, requested_at = excluded.requested_at, accepted_at = NULL
                    WHERE domain_links.scopes <> excluded.scopes
                    """,
                    ("@from", from),
                    ("@to", to),
                    ("@scopes", TextOf(scopes)),
                    ("@now", now.ToUnixTimeMilliseconds())),
            ],
            cancellationToken);

    public async Task<bool> AcceptAsync(
        ProjectId from, ProjectId to, LinkScopes? scopes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE domain_links SET accepted_at = COALESCE(accepted_at, @now)
                    WHERE from_project = @from AND to_project = @to
                        AND (scopes = @scopes OR (@scopes = '' AND (accepted_at IS NOT NULL OR scopes = COALESCE(read_scopes, @unread))))
                    """,
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@from", from),
                    ("@to", to),
                    ("@scopes", scopes is { } agreed ? TextOf(agreed) : ""),
                    ("@unread", TextOf(LinkScopes.Identities))),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<bool> RemoveAsync(ProjectId from, ProjectId to, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement("DELETE FROM domain_links WHERE from_project = @from AND to_project = @to", ("@from", from), ("@to", to)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<IReadOnlyList<DomainLink>> ListAsync(ProjectId projectId, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT f.id, f.name, f.pcid, f.issuer_id, t.id, t.name, t.pcid, t.issuer_id,
                    l.scopes, l.requested_at, l.accepted_at, l.read_scopes
                FROM domain_links l JOIN projects f ON f.id = l.from_project JOIN projects t ON t.id = l.to_project
                WHERE l.from_project = @project_id OR l.to_project = @project_id
                ORDER BY l.requested_at, l.from_project, l.to_project
                """,
                ("@project_id", projectId)),
            Read,
            cancellationToken);

    public Task MarkReadAsync(DomainLink link, CancellationToken cancellationToken) => database.WriteAsync(
        [
            new Statement(
                """
                UPDATE domain_links
                SET read_scopes = CASE WHEN scopes = @scopes AND requested_at = @requested_at THEN scopes ELSE @nothing END
                WHERE from_project = @from AND to_project = @to
                """,
                ("@scopes", TextOf(link.Scopes)),
                ("@requested_at", link.RequestedAt.ToUnixTimeMilliseconds()),
                ("@nothing", TextOf(LinkScopes.None)),
                ("@from", link.From.ProjectId),
                ("@to", link.To.ProjectId)),
        ],
        cancellationToken);

    private static DomainLink Read(DbDataReader row) => new(
        ReadDomain(row, 0),
        ReadDomain(row, 4),
        ScopesOf(row.GetString(8)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        row.IsDBNull(10) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        row.IsDBNull(11) ? null : ScopesOf(row.GetString(11)));

    /// <summary>From the columns id, name, pcid and issuer_id, the first of them at this place.</summary>
    private static Domain ReadDomain(DbDataReader row, int column)
    {
        var id = ProjectId.Parse(row.GetString(column));
        var ids = row.IsDBNull(column + 2) ? DomainIds.OfEarlier(id) : new DomainIds(IdIn(row, column + 2), IdIn(row, column + 3));
        return new Domain(id, row.GetString(column + 1), ids);
    }

    private static Guid IdIn(DbDataReader row, int column) => new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    private static LinkScopes ScopesOf(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(LinkScopes.None, (scopes, word) => scopes | _words.First(pair => pair.Word == word).Scope);
}
