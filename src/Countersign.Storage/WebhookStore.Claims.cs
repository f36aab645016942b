using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Events;

namespace Countersign.Storage;

/// <summary>What is due for a webhook is taken in claims.</summary>
internal sealed partial class WebhookStore
{
    // So many are put off in one turn at most.
    private const int MostWaiting = 100;

    // While keys that events need are out of reach. Those that need none come between.
    private static readonly TimeSpan _wait = TimeSpan.FromMinutes(5);

    public async Task<IReadOnlyList<Delivery>> ClaimAsync(
        WebhookId id, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        var lease = RandomNumberGenerator.GetBytes(16);
        (string Name, SqlValue Value)[] claim =
        [
            ("@webhook_id", id.ToString()), ("@until", until.ToUnixTimeMilliseconds()), ("@lease", lease),
        ];
        for (var waiting = 0; waiting < MostWaiting && await TryClaimAsync(claim, now, limit, cancellationToken);)
        {
            var claimed = await database.ReadAsync(
                new Statement(
                    """
                    SELECT e.position, e.sequence, e.id, e.body, d.attempts, d.first_at
                    FROM webhook_deliveries d JOIN events e ON e.position = d.position
                    WHERE d.webhook_id = @webhook_id AND d.due_at = @until AND d.lease = @lease ORDER BY d.position
                    """,
                    claim),
                row => new Delivery(
                    id, row.GetInt64(0), EventOf(row), (int)row.GetInt64(4), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
                    lease),
                cancellationToken);
            if (claimed.Count > 0)
            {
                var told = await NameAsync(claimed, now, cancellationToken);
                if (told.Count > 0)
                {
                    return told;
                }
                waiting += claimed.Count;
            }
            // All of them wait, or were of events that are gone: what is due behind them must not wait for the next turn.
        }
        return [];
    }

    /// <summary>
    /// Those that can be told now, with what the relying party calls their flows. The others are due in some minutes, untried.
    /// </summary>
    private async Task<IReadOnlyList<Delivery>> NameAsync(
        List<Delivery> claimed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            var ids = await requests.OfAsync(claimed.Select(delivery => delivery.Event).OfType<PublishedEvent>(), cancellationToken);
            return [.. claimed.Select(delivery => delivery with { Event = delivery.Event?.OfRequest(ids) })];
        }
        catch (UnavailableException) when (claimed.Count > 1)
        {
            // Of one of them; which, is seen one by one.
            var told = new List<Delivery>();
            foreach (var delivery in claimed)
            {
                told.AddRange(await NameAsync([delivery], now, cancellationToken));
            }
            return told;
        }
        catch (UnavailableException)
        {
            await WriteAsync(
                new Statement(
                    """
                    UPDATE webhook_deliveries SET due_at = @due_at, lease = NULL
                    WHERE webhook_id = @webhook_id AND position = @position AND lease = @lease
                    """,
                    [("@due_at", (now + _wait).ToUnixTimeMilliseconds()), .. PlaceOf(claimed[0])]),
                cancellationToken);
            return [];
        }
    }

    private async Task<bool> TryClaimAsync(
        (string Name, SqlValue Value)[] claim, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                // Who claimed a row at the same time has moved it: the last condition is asked again behind their commit. A day's patience
                // begins with the first try, however long it could not be made.
                new Statement(
                    """
                    UPDATE webhook_deliveries
                    SET due_at = @until, lease = @lease, first_at = CASE WHEN attempts = 0 THEN @now ELSE first_at END
                    WHERE webhook_id = @webhook_id AND position IN (
                        SELECT position FROM webhook_deliveries
                        WHERE webhook_id = @webhook_id AND due_at <= @now ORDER BY due_at, position LIMIT @limit)
                    AND due_at <= @now
                    """,
                    [.. claim[1..], ("@now", now.ToUnixTimeMilliseconds()), claim[0], ("@limit", limit)]),
                new Statement(
                    """
                    DELETE FROM webhook_deliveries
                    WHERE webhook_id = @webhook_id AND due_at = @until AND lease = @lease
                        AND NOT EXISTS (SELECT 1 FROM events WHERE events.position = webhook_deliveries.position)
                    """,
                    claim),
            ],
            cancellationToken);
        return outcomes[0].Changed > 0;
    }
}
