using System.Globalization;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.Texts;

namespace Countersign.Storage;

/// <summary>
/// A store that was put back does not know what was done since the backup. What it could do a second time is ended before it does anything
/// (docs/decisions/0033).
/// </summary>
internal sealed class RestoredStore(
    IDatabase database, IFlowStore flows, IWebhookStore webhooks, TimeProvider time, ILogger<RestoredStore> logger)
{
    /// <summary>
    /// The name in <c>settings</c> by which a backup is known until a server has settled it: when it was taken, in Unix milliseconds; 0 for
    /// what is not known.
    /// </summary>
    public const string Mark = "backup";

    private const int AtOnce = 64;

    /// <summary>Does it all again where it was cut off.</summary>
    public async Task SettleAsync(TimeSpan tokenLife, CancellationToken cancellationToken)
    {
        var marks = await database.ReadAsync(
            new Statement("SELECT value FROM settings WHERE name = @name", ("@name", Mark)), row => row.GetInt64(0), cancellationToken);
        if (marks is not [var takenAt])
        {
            return;
        }

        var now = time.GetUtcNow();
        var off = await TurnOffWebhooksAsync(cancellationToken);
        var ended = await EndFlowsAsync(now, cancellationToken);
        // A gateway may have them long since. One that has may still send its receipt.
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE texts
                    SET due_at = NULL, version = version + 1, state = CASE WHEN state = @queued THEN @expired ELSE state END
                    WHERE due_at IS NOT NULL
                    """,
                    ("@queued", (long)TextState.Queued),
                    ("@expired", (long)TextState.Expired)),
                // Those that were given up since would open something again.
                new Statement(
                    """
                    INSERT INTO revoked_tokens (token_id, revoked_at, expires_at) VALUES (@token_id, @revoked_at, @expires_at)
                    ON CONFLICT (token_id) DO UPDATE SET revoked_at = excluded.revoked_at, expires_at = excluded.expires_at
                    """,
                    ("@token_id", RevokedToken.All),
                    ("@revoked_at", now.ToUnixTimeMilliseconds()),
                    ("@expires_at", (now + tokenLife).ToUnixTimeMilliseconds())),
                new Statement("DELETE FROM settings WHERE name = @name", ("@name", Mark)),
            ],
            cancellationToken);
        Log.StoreRestored(
            logger,
            takenAt > 0
                ? DateTimeOffset.FromUnixTimeMilliseconds(takenAt).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : "it does not say of when",
            ended, outcomes[0].Changed, off);
    }

    /// <summary>
    /// Nobody is told again what they were told since, nor of ends that only this copy has: it may be no more than a drill. Whoever puts a
    /// store back for good turns them on.
    /// </summary>
    private async Task<int> TurnOffWebhooksAsync(CancellationToken cancellationToken)
    {
        var ids = await database.ReadAsync(
            new Statement("SELECT id FROM webhooks WHERE is_on = 1"), row => WebhookId.Parse(row.GetString(0)), cancellationToken);
        var off = 0;
        foreach (var id in ids)
        {
            // One that does not open sends nothing either.
            if (await webhooks.FindAsync(id, cancellationToken) is { } webhook
                && await webhooks.TrySaveAsync(webhook with { IsOn = false }, cancellationToken))
            {
                off++;
            }
        }
        return off;
    }

    /// <summary>
    /// Their lives end now. A code that was used since would count again, entries that were counted would be given back, and a result that
    /// was read would be decided a second time.
    /// </summary>
    private async Task<int> EndFlowsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = await database.ReadAsync(
            new Statement("SELECT id FROM flows WHERE expires_at > @now", ("@now", now.ToUnixTimeMilliseconds())),
            row => CorrelationId.FromBytes(row.GetFieldValue<byte[]>(0)), cancellationToken);
        var ended = 0;
        foreach (var some in ids.Chunk(AtOnce))
        {
            ended += (await Task.WhenAll(some.Select(id => EndAsync(id, now, cancellationToken)))).Count(isEnded => isEnded);
        }
        return ended;
    }

    private async Task<bool> EndAsync(CorrelationId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await flows.FindAsync(id, cancellationToken) is { } flow
                && await flows.TrySaveAsync(new Decision(flow with { ExpiresAt = now }), cancellationToken);
        }
        catch (CryptographicException)
        {
            // Nobody can go on with what does not open.
            return false;
        }
    }
}
