using System.Data.Common;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <remarks>
/// Numbers that a sequence of PostgreSQL gives become visible in the order of commits, which is another one: who polls behind the highest
/// that it has seen would miss what commits late. So places are given by whoever holds the row of <c>event_head</c>, until it commits: the
/// next sees them, and goes on behind them. Within a flow the outbox is in the order of its saves, since each save expects the one before.
/// </remarks>
internal sealed class EventLog(IDatabase database, Sealer sealer) : IEventLog
{
    // A transaction of so many takes some milliseconds, on SQLite of the only writer.
    private const int AtOnce = 500;

    private const string Columns = "position, sequence, id, body, project_id, flow_id";

    private static readonly byte[] _head = "event_head"u8.ToArray();

    public async Task PublishAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (await IsAnyWaitingAsync(cancellationToken))
        {
            await database.WriteAsync(StatementsOf(now), cancellationToken);
        }
    }

    public async Task<IReadOnlyList<PublishedEvent>> ListAsync(
        ProjectId project, long after, CorrelationId? flow, int limit, CancellationToken cancellationToken)
    {
        var events = await database.ReadAsync(
            flow is { } one
                ? new Statement(
                    $"""
                    SELECT {Columns} FROM events
                    WHERE flow_id = @flow_id AND project_id = @project_id AND position > @after ORDER BY sequence LIMIT @limit
                    """,
                    ("@flow_id", one.ToBytes()), ("@project_id", project), ("@after", after), ("@limit", limit))
                : new Statement(
                    $"SELECT {Columns} FROM events WHERE project_id = @project_id AND position > @after ORDER BY position LIMIT @limit",
                    ("@project_id", project), ("@after", after), ("@limit", limit)),
            row => Read(row, sealer), cancellationToken);
        return events;
    }

    public Task<PublishedEvent?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement(
                $"SELECT {Columns} FROM events WHERE id = @id AND project_id = @project_id",
                ("@id", id.ToByteArray(bigEndian: true)), ("@project_id", project)),
            row => Read(row, sealer), cancellationToken);

    public async Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                // They are nearly in the order of time: one that is not goes a little later.
                new Statement(
                    """
                    DELETE FROM events WHERE position IN (
                        SELECT position FROM (SELECT position, happened_at FROM events ORDER BY position LIMIT @limit) oldest
                        WHERE happened_at < @before)
                    """,
                    ("@limit", limit), ("@before", before.ToUnixTimeMilliseconds())),
                new Statement(
                    """
                    DELETE FROM webhook_deliveries
                    WHERE position < COALESCE((SELECT min(position) FROM events), (SELECT position + 1 FROM event_head WHERE id = 1))
                    """),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }

    /// <summary>Reads the <see cref="Columns"/>, or the same of others.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It cannot be opened.</exception>
    internal static PublishedEvent Read(DbDataReader row, Sealer sealer)
    {
        var id = new Guid(row.GetFieldValue<byte[]>(2), bigEndian: true);
        var announcement = JsonSerializer.Deserialize(
            sealer.Open(row.GetFieldValue<byte[]>(3), EventOutbox.PlaceOf(id)), StoredJson.Default.Announcement)!;
        return new PublishedEvent(announcement, row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1));
    }

    private async Task<bool> IsAnyWaitingAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync(new Statement("SELECT 1 FROM event_outbox LIMIT 1"), _ => 0, cancellationToken)).Count > 0;

    private static Statement[] StatementsOf(DateTimeOffset now) =>
    [
        // Who comes at the same time waits here until these places can be seen.
        new Statement(
            """
            INSERT INTO event_head (id, position, turns) VALUES (1, 0, 1)
            ON CONFLICT (id) DO UPDATE SET turns = event_head.turns + 1
            """) { Lock = _head },
        new Statement(
            """
            INSERT INTO events (position, id, project_id, flow_id, sequence, event_type, happened_at, body)
            SELECT
                (SELECT position FROM event_head WHERE id = 1) + row_number() OVER (ORDER BY seq), id, project_id, flow_id,
                CASE WHEN flow_id IS NULL THEN NULL
                    ELSE COALESCE((SELECT max(sequence) FROM events WHERE events.flow_id = waiting.flow_id), 0)
                        + row_number() OVER (PARTITION BY flow_id ORDER BY seq) END,
                event_type, happened_at, body
            FROM (SELECT * FROM event_outbox ORDER BY seq LIMIT @limit) waiting
            """,
            ("@limit", AtOnce)),
        new Statement(
            """
            INSERT INTO webhook_deliveries (webhook_id, position, first_at, due_at, attempts)
            SELECT webhooks.id, events.position, @now, @now, 0 FROM events JOIN webhooks ON webhooks.project_id = events.project_id
            WHERE events.position > (SELECT position FROM event_head WHERE id = 1) AND webhooks.is_on = 1
                AND (webhooks.event_types = '' OR webhooks.event_types LIKE '%,' || events.event_type || ',%')
            """,
            ("@now", now.ToUnixTimeMilliseconds())),
        new Statement(
            """
            DELETE FROM event_outbox WHERE id IN (
                SELECT id FROM events WHERE position > (SELECT position FROM event_head WHERE id = 1))
            """),
        new Statement("UPDATE event_head SET position = (SELECT COALESCE(max(position), 0) FROM events) WHERE id = 1"
            + " AND position < (SELECT COALESCE(max(position), 0) FROM events)"),
    ];
}
