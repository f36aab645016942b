using System.Data.Common;
using System.Security.Cryptography;
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
internal sealed class EventLog(IDatabase database, Sealer sealer, RequestIds requests, ILogger<EventLog> logger) : IEventLog
{
    // A transaction of so many takes some milliseconds, on SQLite of the only writer.
    private const int AtOnce = 500;

    private const string Columns = "position, sequence, id, body, project_id, flow_id";

    // They are nearly in the order of time: one that is not goes a little later. A project's newest stays, however old: who polls a quiet
    // project goes on behind it.
    private const string Oldest =
        """
        SELECT position FROM (
            SELECT position, happened_at FROM events former
            WHERE EXISTS (SELECT 1 FROM events newer WHERE newer.project_id = former.project_id AND newer.position > former.position)
            ORDER BY position LIMIT @limit) oldest
        WHERE happened_at < @before
        """;

    // Where more comes in all the time, each caller goes on with what it wants to do all the same.
    private const int MaxRounds = 10;

    private readonly SharedReads<byte, int> _rounds = new();
    private int _unreadableTold;

    /// <summary>Who publishes waits here until who is before it has committed; so does who removes what may be published.</summary>
    public static Statement Turn { get; } = new(
        """
        INSERT INTO event_head (id, position, turns) VALUES (1, 0, 1)
        ON CONFLICT (id) DO UPDATE SET turns = event_head.turns + 1
        """)
    {
        Lock = "event_head"u8.ToArray(),
    };

    public async Task PublishAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds && await IsAnyWaitingAsync(cancellationToken); round++)
        {
            // One write of a node at a time, which all who come meanwhile share: it may wait for another node's, and so holds up what else
            // is to be written.
            if (await _rounds.ReadAsync(0, _ => PublishRoundAsync(now), cancellationToken) < AtOnce)
            {
                return;
            }
        }
    }

    public async Task<EventPage> ListAsync(
        ProjectId project, long after, CorrelationId? flow, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            flow is { } one
                ? new Statement(
                    $"""
                    SELECT {Columns} FROM events
                    WHERE flow_id = @flow_id AND project_id = @project_id AND position > @after ORDER BY sequence LIMIT @limit
                    """,
                    ("@flow_id", one.ToBytes()), ("@project_id", project), ("@after", after), ("@limit", limit + 1))
                : new Statement(
                    $"SELECT {Columns} FROM events WHERE project_id = @project_id AND position > @after ORDER BY position LIMIT @limit",
                    ("@project_id", project), ("@after", after), ("@limit", limit + 1)),
            row => (Id: IdOf(row), Event: ReadIfReadable(row)), cancellationToken);
        // One more than asked for says whether there is another page.
        var page = rows.Take(limit).ToList();
        var events = page.Select(row => row.Event).OfType<PublishedEvent>().ToList();
        var ids = await requests.OfAsync(events, cancellationToken);
        return new EventPage(
            [.. events.Select(one => one.OfRequest(ids))], page.Count > 0 ? page[^1].Id : null, rows.Count > limit);
    }

    public async Task<long?> FindPlaceAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        var places = await database.ReadAsync(
            new Statement(
                """
                SELECT position FROM events WHERE id = @id AND project_id = @project_id
                UNION ALL SELECT position FROM erased_events WHERE id = @id AND project_id = @project_id
                """,
                ("@id", id.ToByteArray(bigEndian: true)), ("@project_id", project)),
            row => row.GetInt64(0), cancellationToken);
        return places is [var place] ? place : null;
    }

    public async Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    $"DELETE FROM webhook_deliveries WHERE position IN ({Oldest})",
                    ("@limit", limit), ("@before", before.ToUnixTimeMilliseconds())),
                // What another node removes, or somebody sends again, at the same time: an event that still has deliveries goes later.
                new Statement(
                    $"""
                    DELETE FROM events WHERE position IN ({Oldest})
                        AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE webhook_deliveries.position = events.position)
                    """,
                    ("@limit", limit), ("@before", before.ToUnixTimeMilliseconds())),
                new Statement(
                    """
                    DELETE FROM erased_events WHERE id IN (
                        SELECT id FROM erased_events erased WHERE happened_at < @before AND EXISTS (
                            SELECT 1 FROM events newer WHERE newer.project_id = erased.project_id AND newer.position > erased.position)
                        LIMIT @limit)
                    """,
                    ("@before", before.ToUnixTimeMilliseconds()), ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[1].Changed;
    }

    /// <summary>Reads the <see cref="Columns"/>, or the same of others.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It cannot be opened.</exception>
    internal static PublishedEvent Read(DbDataReader row, Sealer sealer)
    {
        var id = IdOf(row);
        var announcement = JsonSerializer.Deserialize(
            sealer.Open(row.GetFieldValue<byte[]>(3), EventOutbox.PlaceOf(id)), StoredJson.Default.Announcement)!;
        return new PublishedEvent(announcement, row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt64(1));
    }

    private static Guid IdOf(DbDataReader row) => new(row.GetFieldValue<byte[]>(2), bigEndian: true);

    private PublishedEvent? ReadIfReadable(DbDataReader row)
    {
        try
        {
            return Read(row, sealer);
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            if (Interlocked.Exchange(ref _unreadableTold, 1) == 0)
            {
                Log.EventUnreadable(logger, EventJson.IdOf(IdOf(row)));
            }
            return null;
        }
    }

    /// <summary>Returns how many have got their places.</summary>
    private async Task<int> PublishRoundAsync(DateTimeOffset now) =>
        (await database.WriteAsync(StatementsOf(now), CancellationToken.None))[1].Changed;

    private async Task<bool> IsAnyWaitingAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync(new Statement("SELECT 1 FROM event_outbox LIMIT 1"), _ => 0, cancellationToken)).Count > 0;

    private static Statement[] StatementsOf(DateTimeOffset now) =>
    [
        // Who comes at the same time waits here until these places can be seen.
        Turn,
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
