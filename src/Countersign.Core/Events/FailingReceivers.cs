using System.Collections.Concurrent;

namespace Countersign.Core.Events;

/// <summary>
/// Which receivers did not take what was sent last, and what is said of it: of one that fails now and then, no more than a line in each
/// direction in ten minutes.
/// </summary>
internal sealed class FailingReceivers(IWebhookJournal journal)
{
    private static readonly TimeSpan _silence = TimeSpan.FromMinutes(10);

    // Longer than the longest pause between two tries: what was silent for so long has been deleted or turned off.
    private static readonly TimeSpan _memory = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<WebhookId, State> _states = new();

    public bool Contains(WebhookId id) => _states.TryGetValue(id, out var state) && state.IsFailing;

    public void DidNotTake(Webhook webhook, WebhookOutcome outcome, DateTimeOffset now)
    {
        lock (_gate)
        {
            var former = _states.GetValueOrDefault(webhook.Id);
            var isTold = former is { IsFailing: true, IsTold: true };
            var tells = !isTold && (former is null || now - former.ToldAt >= _silence);
            _states[webhook.Id] = new State(IsFailing: true, isTold || tells, tells ? now : former!.ToldAt, now);
            if (tells)
            {
                journal.Failing(webhook, outcome);
            }
        }
    }

    public void Took(Webhook webhook, DateTimeOffset now)
    {
        // Nearly always there is nothing to change.
        if (!Contains(webhook.Id))
        {
            return;
        }
        lock (_gate)
        {
            if (_states.TryGetValue(webhook.Id, out var state) && state.IsFailing)
            {
                _states[webhook.Id] = new State(IsFailing: false, IsTold: false, state.ToldAt, now);
                if (state.IsTold)
                {
                    journal.Recovered(webhook);
                }
            }
        }
    }

    public void Forget(DateTimeOffset now)
    {
        foreach (var (id, state) in _states)
        {
            if (now - state.At >= _memory)
            {
                _states.TryRemove(new(id, state));
            }
        }
    }

    /// <param name="IsTold">Whether it was said that it fails.</param>
    /// <param name="ToldAt">When that was said last.</param>
    /// <param name="At">Of the last change.</param>
    private sealed record State(bool IsFailing, bool IsTold, DateTimeOffset ToldAt, DateTimeOffset At)
    {
        public override string ToString() => IsFailing ? "failing" : "taking";
    }
}
