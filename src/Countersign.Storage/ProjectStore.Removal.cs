using System.Diagnostics.CodeAnalysis;
using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>What goes with a project.</summary>
internal sealed partial class ProjectStore
{
    /// <summary>How many rows one write removes: few enough to take a fraction of the time that its neighbours wait.</summary>
    public const int MaxInPiece = 2000;

    public async Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken)
    {
        foreach (var piece in PiecesOf(projectId))
        {
            WriteResult[] outcomes;
            do
            {
                outcomes = await database.WriteAsync([piece], cancellationToken);
            }
            while (outcomes[0].Changed == MaxInPiece);
        }
        // Before the project: while it is there its removal can be repeated.
        await lines.DestroyAsync(projectId, cancellationToken);
        var isRemoved = await RemoveRestAsync(projectId, cancellationToken);
        // What a server that still knew the project has written since is under a key that it made. Where the project is made anew already
        // that may be the new one's: so the key is read before it is asked whether there is one, and goes by its own id.
        var late = (await lines.FindAsync([projectId], CancellationToken.None)).GetValueOrDefault(projectId);
        if (late is not null && await FindStoredAsync(projectId, CancellationToken.None) is null)
        {
            await lines.DestroyAsync(late, CancellationToken.None);
        }
        return isRemoved;
    }

    private async Task<bool> RemoveRestAsync(ProjectId projectId, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                // What is being published meanwhile is there to be removed afterwards.
                EventLog.Turn,
                new Statement("DELETE FROM projects WHERE id = @id", ("@id", projectId)),
                new Statement("DELETE FROM clients WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM identities WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM identity_aliases WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM devices WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM passkeys WHERE project_id = @project_id", ("@project_id", projectId)),
                // A project made anew under the same id must find nothing of the former: no flow, no token of one.
                new Statement(
                    "DELETE FROM texts WHERE flow_id IN (SELECT id FROM flows WHERE project_id = @project_id)", ("@project_id", projectId)),
                new Statement("DELETE FROM flows WHERE project_id = @project_id", ("@project_id", projectId)),
                // After the flows: one that waited for its flow to become an outcome removes that, too.
                new Statement("DELETE FROM outcomes WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM receipts WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM outcome_counts WHERE project_id = @project_id", ("@project_id", projectId)),
                // As the flows: what waits may have been published meanwhile.
                new Statement("DELETE FROM event_outbox WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM events WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM erased_events WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement(
                    "DELETE FROM webhook_deliveries WHERE webhook_id IN (SELECT id FROM webhooks WHERE project_id = @project_id)",
                    ("@project_id", projectId)),
                new Statement("DELETE FROM webhooks WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM verified_numbers WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM spending WHERE owner = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM record_visibility WHERE project_id = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM domain_links WHERE from_project = @project_id", ("@project_id", projectId)),
                new Statement("DELETE FROM domain_links WHERE to_project = @project_id", ("@project_id", projectId)),
            ],
            cancellationToken);
        await AdminKeyStore.LeaveAsync(database, rows, projectId, cancellationToken);
        return outcomes[1].Changed == 1;
    }

    /// <summary>
    /// What may be too much for one write. If the last write is not reached the project is still there, with less, and can be removed
    /// again.
    /// </summary>
    private static Statement[] PiecesOf(ProjectId projectId) =>
    [
        Piece("DELETE FROM identities WHERE id IN (SELECT id FROM identities WHERE project_id = @project_id LIMIT @limit)", projectId),
        Piece("DELETE FROM identity_aliases WHERE id IN (SELECT id FROM identity_aliases WHERE project_id = @project_id LIMIT @limit)",
            projectId),
        Piece("DELETE FROM passkeys WHERE credential_id IN (SELECT credential_id FROM passkeys "
            + "WHERE project_id = @project_id LIMIT @limit)", projectId),
        Piece("DELETE FROM devices WHERE id IN (SELECT id FROM devices WHERE project_id = @project_id LIMIT @limit)", projectId),
        Piece(
            """
            DELETE FROM texts WHERE id IN (
                SELECT texts.id FROM flows JOIN texts ON texts.flow_id = flows.id WHERE flows.project_id = @project_id LIMIT @limit)
            """,
            projectId),
        Piece("DELETE FROM flows WHERE id IN (SELECT id FROM flows WHERE project_id = @project_id LIMIT @limit)", projectId),
        Piece("DELETE FROM outcomes WHERE id IN (SELECT id FROM outcomes WHERE project_id = @project_id LIMIT @limit)", projectId),
        Piece("DELETE FROM receipts WHERE flow_id IN (SELECT flow_id FROM receipts WHERE project_id = @project_id LIMIT @limit)",
            projectId),
        Piece("DELETE FROM event_outbox WHERE seq IN (SELECT seq FROM event_outbox WHERE project_id = @project_id LIMIT @limit)",
            projectId),
        Piece("DELETE FROM events WHERE position IN (SELECT position FROM events WHERE project_id = @project_id LIMIT @limit)", projectId),
        Piece(
            """
            DELETE FROM webhook_deliveries WHERE (webhook_id, position) IN (
                SELECT webhook_id, position FROM webhook_deliveries
                WHERE webhook_id IN (SELECT id FROM webhooks WHERE project_id = @project_id) LIMIT @limit)
            """,
            projectId),
        Piece(
            """
            DELETE FROM verified_numbers WHERE project_id = @project_id AND number_hash IN (
                SELECT number_hash FROM verified_numbers WHERE project_id = @project_id LIMIT @limit)
            """,
            projectId),
    ];

    internal static Statement Piece([ConstantExpected] string sql, ProjectId projectId) =>
        new(sql, ("@project_id", projectId), ("@limit", MaxInPiece));
}
