using Countersign.Core;
using Countersign.Core.IdentityMatching.Records;

namespace Countersign.Storage;

internal sealed class RecordSourceStore(IDatabase database) : IRecordSources
{
    public async Task<bool> TryAddAsync(SourceName source, IReadOnlyList<ProjectId> projects, CancellationToken cancellationToken)
    {
        // Of two who begin with a source at the same time one adds it, and the other is measured by what it chose. Records without a row
        // here are those of a server of an earlier version that still runs.
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO record_sources (source, is_for_all)
                    SELECT @source, 0 WHERE NOT EXISTS (SELECT 1 FROM person_records WHERE source = @source)
                    ON CONFLICT DO NOTHING
                    """,
                    ("@source", source)),
            ],
            cancellationToken);
        if (outcomes[0].Changed == 0)
        {
            return false;
        }
        await database.WriteAsync([.. projects.Select(project => Show(source, project))], CancellationToken.None);
        return true;
    }

    public async Task<SourceVisibility?> FindAsync(SourceName source, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement(
                """
                SELECT s.is_for_all, v.project_id
                FROM record_sources s LEFT JOIN record_visibility v ON v.source = s.source
                WHERE s.source = @source ORDER BY v.project_id
                """,
                ("@source", source)),
            row => (IsForAll: row.GetInt64(0) == 1, Project: row.IsDBNull(1) ? (ProjectId?)null : ProjectId.Parse(row.GetString(1))),
            cancellationToken);
        if (rows.Count > 0)
        {
            return new SourceVisibility(rows[0].IsForAll, [.. rows.Select(row => row.Project).OfType<ProjectId>()]);
        }
        var records = await database.ReadAsync(
            new Statement("SELECT 1 FROM person_records WHERE source = @source LIMIT 1", ("@source", source)), _ => true,
            cancellationToken);
        return records.Count == 0 ? null : SourceVisibility.Nobody;
    }

    public async Task<bool> TryAssignAsync(SourceName source, IReadOnlyList<ProjectId> projects, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO record_sources (source, is_for_all)
                    SELECT @source, 0 WHERE EXISTS (SELECT 1 FROM person_records WHERE source = @source)
                    ON CONFLICT DO NOTHING
                    """,
                    ("@source", source)),
                new Statement("UPDATE record_sources SET is_for_all = 0 WHERE source = @source", ("@source", source)),
                new Statement("DELETE FROM record_visibility WHERE source = @source", ("@source", source)),
                .. projects.Select(project => Show(source, project)),
            ],
            cancellationToken);
        return outcomes[1].Changed == 1;
    }

    public async Task<IReadOnlyList<SourceName>> ListSeenByAllAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement("SELECT source FROM record_sources WHERE is_for_all = 1 ORDER BY source"),
            row => SourceName.Parse(row.GetString(0)), cancellationToken);

    // Of a project that is removed at this moment nothing stays.
    private static Statement Show(SourceName source, ProjectId project) => new(
        """
        INSERT INTO record_visibility (source, project_id)
        SELECT s.source, p.id FROM record_sources s CROSS JOIN projects p WHERE s.source = @source AND p.id = @project_id
        ON CONFLICT DO NOTHING
        """,
        ("@source", source),
        ("@project_id", project));
}
