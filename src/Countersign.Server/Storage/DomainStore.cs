using System.Data.Common;
using Countersign.Core.Domains;

namespace Countersign.Server.Storage;

/// <summary>Links are between relying parties and in clear: no person is in them.</summary>
internal sealed class DomainStore(IDatabase database) : IDomainStore
{
    // Stored words are for ever.
    private static readonly (LinkScopes Scope, string Word)[] _words =
        [(LinkScopes.Identities, "identities"), (LinkScopes.Attributes, "attributes")];

    /// <summary>The scopes as they are stored: their words, always in the same order, with a space between.</summary>
    public static string TextOf(LinkScopes scopes) => string.Join(' ', _words.Where(pair => scopes.HasFlag(pair.Scope)).Select(pair => pair.Word));

    public async Task<Domain?> FindAsync(Guid pcid, CancellationToken cancellationToken)
    {
        // A pcid cannot be turned back into the project's id. Projects are few, and reading them all tells nobody which exist.
        var domains = await database.ReadAsync(
            new Statement("SELECT id, name FROM projects"), row => new Domain(row.GetString(0), row.GetString(1)), cancellationToken);
        return domains.Find(domain => domain.Pcid == pcid);
    }

    public Task RequestAsync(string from, string to, LinkScopes scopes, DateTimeOffset now, CancellationToken cancellationToken) =>
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

    public async Task<bool> AcceptAsync(string from, string to, LinkScopes? scopes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE domain_links SET accepted_at = COALESCE(accepted_at, @now)
                    WHERE from_project = @from AND to_project = @to AND (@scopes = '' OR scopes = @scopes)
                    """,
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@from", from),
                    ("@to", to),
                    ("@scopes", scopes is { } agreed ? TextOf(agreed) : "")),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<bool> RemoveAsync(string from, string to, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement("DELETE FROM domain_links WHERE from_project = @from AND to_project = @to", ("@from", from), ("@to", to)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<IReadOnlyList<DomainLink>> ListAsync(string projectId, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT f.id, f.name, t.id, t.name, l.scopes, l.requested_at, l.accepted_at
                FROM domain_links l JOIN projects f ON f.id = l.from_project JOIN projects t ON t.id = l.to_project
                WHERE l.from_project = @project_id OR l.to_project = @project_id
                ORDER BY l.requested_at, l.from_project, l.to_project
                """,
                ("@project_id", projectId)),
            Read,
            cancellationToken);

    private static DomainLink Read(DbDataReader row) => new(
        new Domain(row.GetString(0), row.GetString(1)),
        new Domain(row.GetString(2), row.GetString(3)),
        ScopesOf(row.GetString(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        row.IsDBNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)));

    private static LinkScopes ScopesOf(string text) =>
        text.Split(' ').Aggregate(LinkScopes.None, (scopes, word) => scopes | _words.First(pair => pair.Word == word).Scope);
}
