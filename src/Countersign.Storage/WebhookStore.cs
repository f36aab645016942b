using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// What decides who gets an event stands in clear, for the statement that publishes, and sealed: a row whose columns say something else is
/// not there.
/// </summary>
internal sealed partial class WebhookStore(
    IDatabase database, Sealer sealer, RequestIds requests, ILogger<WebhookStore> logger) : IWebhookStore
{
    private const string Columns = "id, project_id, event_types, is_on, version, body";

    // How many events one write takes up again: see EventLog.
    private const int AtOnce = 500;

    private const string Again =
        """
        ON CONFLICT (webhook_id, position) DO UPDATE SET
            first_at = @now, due_at = @now, attempts = 0, lease = NULL, outcome = NULL, dead_at = NULL
        """;

    private const string Wanted =
        """
        project_id = @project_id AND happened_at >= @since AND happened_at < @until
            AND (@event_types = '' OR @event_types LIKE '%,' || event_type || ',%')
        """;

    private readonly ConcurrentDictionary<string, bool> _unreadable = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<Webhook>> ListAsync(ProjectId project, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement($"SELECT {Columns} FROM webhooks WHERE project_id = @project_id", ("@project_id", project)), Read,
            cancellationToken);
        return [.. found.OfType<Webhook>().OrderBy(webhook => webhook.CreatedAt)];
    }

    public Task<Webhook?> FindAsync(WebhookId id, CancellationToken cancellationToken) => database.FindAsync(
        new Statement($"SELECT {Columns} FROM webhooks WHERE id = @id", ("@id", id.ToString())), Read, cancellationToken);

    public async Task<bool> TryAddAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO webhooks (id, project_id, event_types, is_on, version, body)
                    SELECT @id, @project_id, @event_types, @is_on, @version, @body
                    WHERE EXISTS (SELECT 1 FROM projects WHERE id = @project_id)
                        AND (SELECT count(*) FROM webhooks WHERE project_id = @project_id) < @max
                    """,
                    [
                        ("@id", webhook.Id.ToString()), ("@project_id", webhook.Project), .. ValuesOf(webhook),
                        ("@version", webhook.Version), ("@body", Seal(webhook, webhook.Version)), ("@max", Webhook.MaxPerProject),
                    ]),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<bool> TrySaveAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE webhooks SET event_types = @event_types, is_on = @is_on, body = @body, version = version + 1
                    WHERE id = @id AND version = @version
                    """,
                    [
                        .. ValuesOf(webhook), ("@body", Seal(webhook, webhook.Version + 1)), ("@id", webhook.Id.ToString()),
                        ("@version", webhook.Version),
                    ]),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<bool> RemoveAsync(ProjectId project, WebhookId id, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    "DELETE FROM webhooks WHERE id = @id AND project_id = @project_id", ("@id", id.ToString()), ("@project_id", project)),
                new Statement(
                    """
                    DELETE FROM webhook_deliveries
                    WHERE webhook_id = @id AND NOT EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = @id)
                    """,
                    ("@id", id.ToString())),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<IReadOnlyList<WebhookId>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT id FROM webhooks
                WHERE is_on = 1 AND EXISTS (
                    SELECT 1 FROM webhook_deliveries WHERE webhook_deliveries.webhook_id = webhooks.id AND due_at <= @now)
                """,
                ("@now", now.ToUnixTimeMilliseconds())),
            row => WebhookId.Parse(row.GetString(0)), cancellationToken);

    public Task FinishAsync(Delivery delivery, CancellationToken cancellationToken) => database.WriteAsync(
        [
            new Statement(
                "DELETE FROM webhook_deliveries WHERE webhook_id = @webhook_id AND position = @position AND lease = @lease",
                PlaceOf(delivery)),
        ],
        cancellationToken);

    public Task FailAsync(
        Delivery delivery, WebhookOutcome outcome, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE webhook_deliveries
                    SET attempts = attempts + 1, outcome = @outcome, due_at = @due_at, dead_at = @dead_at, lease = NULL
                    WHERE webhook_id = @webhook_id AND position = @position AND lease = @lease
                    """,
                    [
                        ("@outcome", outcome.Code), ("@due_at", next?.ToUnixTimeMilliseconds()),
                        ("@dead_at", next is null ? now.ToUnixTimeMilliseconds() : (long?)null), .. PlaceOf(delivery),
                    ]),
            ],
            cancellationToken);

    public async Task<DeliveryCounts> CountAsync(WebhookId id, CancellationToken cancellationToken)
    {
        var counts = await database.ReadAsync(
            new Statement(
                "SELECT count(due_at), count(dead_at) FROM webhook_deliveries WHERE webhook_id = @webhook_id",
                ("@webhook_id", id.ToString())),
            row => new DeliveryCounts(row.GetInt64(0), row.GetInt64(1)), cancellationToken);
        return counts[0];
    }

    public async Task<IReadOnlyList<DeadDelivery>> ListDeadAsync(WebhookId id, int limit, CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement(
                """
                SELECT e.id, e.event_type, e.happened_at, d.dead_at, d.attempts, d.outcome
                FROM webhook_deliveries d JOIN events e ON e.position = d.position
                WHERE d.webhook_id = @webhook_id AND d.dead_at IS NOT NULL ORDER BY d.position DESC LIMIT @limit
                """,
                ("@webhook_id", id.ToString()), ("@limit", limit)),
            row => new DeadDelivery(
                new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true), row.GetString(1),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                (int)row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5)),
            cancellationToken);

    public async Task<int> ReplayAsync(
        Webhook webhook, ReplayedEvents which, DateTimeOffset now, CancellationToken cancellationToken) => which switch
        {
            ReplayedEvents.One one => await WriteAsync(
                new Statement(
                    $"""
                    INSERT INTO webhook_deliveries (webhook_id, position, first_at, due_at, attempts)
                    SELECT @webhook_id, position, @now, @now, 0 FROM events WHERE id = @id AND project_id = @project_id
                    {Again}
                    """,
                    ("@webhook_id", webhook.Id.ToString()), ("@now", now.ToUnixTimeMilliseconds()),
                    ("@id", one.Id.ToByteArray(bigEndian: true)), ("@project_id", webhook.Project)),
                cancellationToken),
            ReplayedEvents.Between range => await ReplayAsync(webhook, range, now, cancellationToken),
            _ => await WriteAsync(
                new Statement(
                    """
                    UPDATE webhook_deliveries
                    SET first_at = @now, due_at = @now, attempts = 0, lease = NULL, outcome = NULL, dead_at = NULL
                    WHERE webhook_id = @webhook_id AND dead_at IS NOT NULL
                    """,
                    ("@now", now.ToUnixTimeMilliseconds()), ("@webhook_id", webhook.Id.ToString())),
                cancellationToken),
        };

    public static string PlaceOf(string id) => $"webhooks.body:{id}";

    private async Task<int> ReplayAsync(
        Webhook webhook, ReplayedEvents.Between range, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (all, after) = (0, 0L);
        (string Name, SqlValue Value)[] wanted =
        [
            ("@project_id", webhook.Project), ("@since", range.Since.ToUnixTimeMilliseconds()),
            ("@until", range.Until.ToUnixTimeMilliseconds()), ("@event_types", TypesOf(webhook)),
        ];
        while (true)
        {
            var page = await database.ReadAsync(
                new Statement(
                    $"SELECT position FROM events WHERE {Wanted} AND position > @after ORDER BY position LIMIT @limit",
                    [.. wanted, ("@after", after), ("@limit", AtOnce)]),
                row => row.GetInt64(0), cancellationToken);
            if (page.Count == 0)
            {
                return all;
            }
            all += await WriteAsync(
                new Statement(
                    $"""
                    INSERT INTO webhook_deliveries (webhook_id, position, first_at, due_at, attempts)
                    SELECT @webhook_id, position, @now, @now, 0 FROM events
                    WHERE {Wanted} AND position > @after AND position <= @last
                    {Again}
                    """,
                    [
                        ("@webhook_id", webhook.Id.ToString()), ("@now", now.ToUnixTimeMilliseconds()), .. wanted, ("@after", after),
                        ("@last", page[^1]),
                    ]),
                cancellationToken);
            after = page[^1];
        }
    }

    private async Task<int> WriteAsync(Statement statement, CancellationToken cancellationToken) =>
        (await database.WriteAsync([statement], cancellationToken))[0].Changed;

    private static (string Name, SqlValue Value)[] ValuesOf(Webhook webhook) =>
        [("@event_types", TypesOf(webhook)), ("@is_on", webhook.IsOn ? 1 : 0)];

    /// <summary>With a comma before and behind each, so that a name is found whole.</summary>
    private static string TypesOf(Webhook webhook) => webhook.Types.Count == 0 ? "" : $",{string.Join(',', webhook.Types)},";

    private static (string Name, SqlValue Value)[] PlaceOf(Delivery delivery) =>
        [("@webhook_id", delivery.Webhook.ToString()), ("@position", delivery.Position), ("@lease", delivery.Lease)];

    private byte[] Seal(Webhook webhook, long version) => sealer.Seal(
        JsonSerializer.SerializeToUtf8Bytes(
            new WebhookBody(
                webhook.Project, webhook.Url, [.. webhook.Types], webhook.IsOn, new Secret(webhook.Secret.Reveal()),
                webhook.Former is { } former ? new Secret(former.Secret.Reveal()) : null, webhook.Former?.EndsAt, webhook.CreatedAt),
            StoredJson.Default.WebhookBody),
        PlaceOf(webhook.Id.ToString()), version);

    private Webhook? Read(DbDataReader row)
    {
        Webhook? webhook = null;
        try
        {
            webhook = Open(row);
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
        }
        if (webhook is null && _unreadable.TryAdd(row.GetString(0), true))
        {
            Log.WebhookUnreadable(logger, row.GetString(0));
        }
        return webhook;
    }

    private Webhook? Open(DbDataReader row)
    {
        var (id, version) = (row.GetString(0), row.GetInt64(4));
        var body = JsonSerializer.Deserialize(
            sealer.Open(row.GetFieldValue<byte[]>(5), PlaceOf(id), version), StoredJson.Default.WebhookBody)!;
        var webhook = new Webhook(
            WebhookId.Parse(id), body.Project, body.Url, body.Types, body.IsOn, WebhookSecret.Parse(body.Secret.Reveal()), body.CreatedAt)
        {
            Former = body is { Former: { } former, FormerEndsAt: { } end }
                ? new FormerWebhookSecret(WebhookSecret.Parse(former.Reveal()), end) : null,
            Version = version,
        };
        return (row.GetString(1), row.GetString(2), row.GetInt64(3))
            == (webhook.Project.ToString(), TypesOf(webhook), webhook.IsOn ? 1 : 0)
                ? webhook : null;
    }

    private PublishedEvent? EventOf(DbDataReader row)
    {
        try
        {
            return EventLog.Read(row, sealer);
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>What of a webhook only this server may know. Stored names are for ever.</summary>
internal sealed record WebhookBody(
    ProjectId Project, Uri Url, string[] Types, bool IsOn, Secret Secret, Secret? Former, DateTimeOffset? FormerEndsAt,
    DateTimeOffset CreatedAt)
{
    public override string ToString() => "***";
}
