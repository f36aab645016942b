using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Countersign.Core.Events;

/// <summary>
/// Publishes what waits and brings it to receivers. Each webhook has its own turn, so one that is slow or loops holds up itself alone. What
/// is being sent is claimed for a minute: no other node sends it, and if this one dies another does.
/// </summary>
public sealed class WebhookDeliverer(
    IEventLog log, IWebhookStore webhooks, IWebhookSender sender, IWebhookJournal journal, TimeProvider time)
{
    /// <summary>To one receiver, by one node; to one that fails, one.</summary>
    public const int AtOnce = 4;

    // Longer than a receiver is waited for.
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<WebhookId, Task> _turns = new();
    private readonly FailingReceivers _failing = new(journal);

    /// <summary>Publishes, and begins to send what is due. Does not wait for receivers.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await log.PublishAsync(time.GetUtcNow(), cancellationToken);
        foreach (var id in await webhooks.FindDueAsync(time.GetUtcNow(), cancellationToken))
        {
            if (!_turns.TryGetValue(id, out var turn) || turn.IsCompleted)
            {
                _turns[id] = Task.Run(() => SendAllAsync(id, cancellationToken), CancellationToken.None);
            }
        }
        _failing.Forget(time.GetUtcNow());
        foreach (var (id, turn) in _turns)
        {
            if (turn.IsCompleted)
            {
                _turns.TryRemove(new(id, turn));
            }
        }
    }

    /// <summary>Waits until nothing is being sent.</summary>
    public Task SettleAsync() => Task.WhenAll(_turns.Values);

    private async Task SendAllAsync(WebhookId id, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested && await webhooks.FindAsync(id, cancellationToken) is { IsOn: true } webhook)
            {
                var now = time.GetUtcNow();
                var due = await webhooks.ClaimAsync(id, now, now + _lease, _failing.Contains(id) ? 1 : AtOnce, cancellationToken);
                if (due.Count == 0)
                {
                    return;
                }
                await Task.WhenAll(due.Select(delivery => SendAsync(webhook, delivery, cancellationToken)));
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            journal.Broken(failure);
        }
        catch (OperationCanceledException)
        {
            // The server is stopping: the claims run out.
        }
    }

    private async Task SendAsync(Webhook webhook, Delivery delivery, CancellationToken cancellationToken)
    {
        var (id, outcome) = (delivery.Event is { } told ? EventJson.IdOf(told.Announcement) : null,
            new WebhookOutcome(WebhookFault.Unreadable));
        if (delivery.Event is { } readable)
        {
            outcome = await TrySendAsync(webhook, id!, EventJson.Write(readable), cancellationToken);
        }
        if (outcome.IsTaken)
        {
            _failing.Took(webhook, time.GetUtcNow());
            // The receiver has it: whatever stops this server, that is to be kept.
            await webhooks.FinishAsync(delivery, CancellationToken.None);
            return;
        }

        var (now, attempts) = (time.GetUtcNow(), delivery.Attempts + 1);
        if (delivery.Event is not null)
        {
            _failing.DidNotTake(webhook, outcome, now);
        }
        var next = WebhookRetries.Next(attempts, delivery.FirstAt, now, RandomNumberGenerator.GetInt32(1001) / 1000.0);
        await webhooks.FailAsync(delivery, outcome, next, now, CancellationToken.None);
        if (next is null)
        {
            journal.GivenUp(webhook, id, attempts, outcome);
        }
    }

    private async Task<WebhookOutcome> TrySendAsync(Webhook webhook, string id, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            return await sender.SendAsync(webhook, id, body, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever nobody has thought of: it counts as a try, or it would be tried for ever.
            journal.Broken(failure);
            return new WebhookOutcome(WebhookFault.Unreachable);
        }
    }
}
