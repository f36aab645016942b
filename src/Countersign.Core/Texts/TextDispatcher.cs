using Countersign.Core.Money;

namespace Countersign.Core.Texts;

/// <summary>
/// Brings texts to gateways and keeps their fate: loads, decides, saves if nobody was first, and else decides again on what the winner
/// left. Only who has saved that an attempt begins makes it, so no two processes hand over the same text at once.
/// </summary>
public sealed class TextDispatcher(
    ITextStore texts, ITextGateways gateways, ITextRoutes routes, ISuppressions suppressions, IReceiptTokens tokens, ITextJournal journal,
    TextCaps caps, ITextPauses pauses, Turns turns, TimeProvider time)
{
    /// <summary>Sends a text that was stored just now by this call, as far as that can be done at once.</summary>
    public Task SendAsync(OutgoingText text, ITextOwner owner) =>
        DriveAsync(new StoredText(text, TextFate.Queued(text.CreatedAt)), isNew: true, owner);

    /// <summary>Does what is due.</summary>
    public async Task CatchUpAsync(Guid id, ITextOwner owner, CancellationToken cancellationToken)
    {
        if (await texts.FindAsync(id, cancellationToken) is { } stored && IsDue(stored))
        {
            if ((stored.Fate.Attempts.Count == 0 && !stored.Text.IsBeside) || stored.Fate.State == TextState.Sending)
            {
                journal.TakenUp(id, stored.Fate.State);
            }
            // Once a gateway is called, it is finished.
            await DriveAsync(stored, isNew: false, owner);
        }
    }

    /// <inheritdoc cref="ITextReceipts.ReceiveAsync"/>
    public async Task<bool> ReceiveAsync(
        Secret token, GatewayName gateway, ReceiptState state, string? networkError, ITextOwner owner, CancellationToken cancellationToken)
    {
        if (tokens.Read(token, gateway) is not var (id, attempt))
        {
            return false;
        }
        if (await texts.FindAsync(id, cancellationToken) is { } stored)
        {
            var received = new TextEvent.Received(attempt, state, OperatorWord.Harmless(networkError));
            // The flow first: should this process die in between, the provider sends the receipt again, and it is news again.
            List<FlowEvent> told = NewsOf(stored.Fate, received);
            await TellAsync(owner, stored.Text, told);
            var news = new List<FlowEvent>();
            var learnt = await LearnAsync(stored, news, received);
            // Whatever else it came to mean by what happened at the same time.
            news.RemoveAll(entry => told.Exists(former => former with { At = entry.At } == entry));
            await TellAsync(owner, stored.Text, news, learnt);
        }
        return true;
    }

    private async Task DriveAsync(StoredText stored, bool isNew, ITextOwner owner)
    {
        var text = stored.Text;
        var news = new List<FlowEvent>();
        // Where more than one way is open, the ways taken before count.
        IReadOnlyList<GatewayName>? used = null;
        while (true)
        {
            var now = time.GetUtcNow();
            var route = routes.For(text.To);
            used ??= route is { Gateways.Count: > 1 } ? await UsedBeforeAsync(text) : [];
            var step = TextPlan.Next(stored.Fate, route?.OrderFor(gateways.HealthOf, used) ?? [], text.ExpiresAt, now);
            if (step is TextStep.Wait)
            {
                await TellAsync(owner, text, news, stored);
                return;
            }
            if (step is TextStep.Submit && !isNew && !await owner.WantsAsync(text, CancellationToken.None))
            {
                await LearnAsync(stored, news, new TextEvent.Dropped());
                await TellAsync(owner, text, news);
                return;
            }
            if (step is TextStep.Submit next
                && await suppressions.IsSuppressedAsync(text.To, route?.Sender ?? gateways.SenderOf(next.Gateway), CancellationToken.None))
            {
                step = new TextStep.GiveUp(SmsRefusal.OptedOut);
            }
            isNew = false;

            switch (step)
            {
                case TextStep.Submit submit:
                    if (await SubmitAsync(stored, submit.Gateway, route!.Sender, owner, news) is not { } answered)
                    {
                        await TellAsync(owner, text, news);
                        return;
                    }
                    stored = answered;
                    break;

                case TextStep.Presume presume:
                    if (await LearnAsync(stored, news, new TextEvent.Unanswered(presume.Attempt)) is not { } presumed)
                    {
                        await TellAsync(owner, text, news);
                        return;
                    }
                    stored = presumed;
                    break;

                case TextStep.Postpone postpone:
                    await LearnAsync(stored, news, new TextEvent.Postponed(postpone.Until));
                    await TellAsync(owner, text, news);
                    return;

                default:
                    await EndAsync(stored, step, owner, news);
                    return;
            }
        }
    }

    /// <summary>
    /// Hands the text to a gateway. Null when another process is at it, it is gone, or a cap holds it, which its flow is told.
    /// </summary>
    private async Task<StoredText?> SubmitAsync(
        StoredText stored, GatewayName gateway, string? sender, ITextOwner owner, List<FlowEvent> news)
    {
        var now = time.GetUtcNow();
        var cost = await caps.ChargeOfAsync(stored.Text, gateway, now);
        var charge = cost?.ToSpending();
        var begun = new TextEvent.Begun(gateway, gateways.ReportsHandover(gateway), charge is null ? null : AttemptCost.Of(charge));
        var sending = TextMachine.Next(stored.Fate, begun, now);
        if (sending == stored.Fate)
        {
            return null;
        }
        // From here on the gateway may have it, whatever happens to this process: that is on disk before the call, and so is its cost.
        var claim = charge is not null ? await texts.TryClaimAsync(stored with { Fate = sending }, charge, CancellationToken.None)
            : cost is not null ? new ClaimOutcome.Over()
            : await texts.TrySaveAsync(stored with { Fate = sending }, CancellationToken.None) ? new ClaimOutcome.Counted([])
            : new ClaimOutcome.Taken();
        if (claim is not ClaimOutcome.Counted counted)
        {
            if (claim is ClaimOutcome.Over)
            {
                await HoldToCapAsync(stored, cost!, owner, news);
            }
            return null;
        }
        news.AddRange(TextNews.Between(stored.Fate, begun, sending, now));

        var attempt = sending.Attempts.Count;
        var text = stored.Text;
        var result = await gateways.SubmitAsync(
            gateway, new SmsSubmission(text, attempt, sender, text.ExpiresAt - now, tokens.Issue(text.Id, attempt, gateway)),
            evenAtRest: true);
        var learnt = await LearnAsync(
            stored with { Fate = sending, Version = stored.Version + 1 }, news, [.. EventsOf(result, gateway, attempt)]);
        // What was turned down costs nothing: it was given back.
        if (charge is not null && learnt?.Fate.Attempt(attempt) is not { Cost: null })
        {
            await caps.LookAsync(charge, counted);
        }
        return learnt;
    }

    /// <summary>The text goes nowhere any more. Where a gateway may have it, its challenge stays open to its deadline.</summary>
    private async Task HoldToCapAsync(StoredText stored, TextCharge cost, ITextOwner owner, List<FlowEvent> news)
    {
        // Where others were at the text, or there is room again, whoever looks at it next decides.
        if (await texts.FindAsync(stored.Text.Id, CancellationToken.None) is not { } present || present.Version != stored.Version
            || await caps.ReachedAsync(cost, CancellationToken.None) is not { } reached)
        {
            return;
        }
        // The flow first, as everywhere.
        var end = new TextEvent.GivenUp();
        if (stored.Fate.State == TextState.Queued)
        {
            await owner.TellAsync(stored.Text, news, reached);
        }
        else
        {
            news.AddRange(NewsOf(stored.Fate, end));
            news.Add(reached.ToFact(time.GetUtcNow()));
            await TellAsync(owner, stored.Text, news);
        }
        news.Clear();
        await LearnAsync(stored, [], reached.Rule, [end]);
    }

    private IEnumerable<TextEvent> EventsOf(SmsResult result, GatewayName gateway, int attempt)
    {
        switch (result)
        {
            case SmsResult.Accepted accepted:
                yield return new TextEvent.Taken(attempt);
                if (accepted.Receipt is { } receipt)
                {
                    yield return new TextEvent.Received(attempt, receipt);
                }
                break;
            case SmsResult.Rejected rejected:
                if (rejected.Why is SmsRefusal.AuthFailed or SmsRefusal.InsufficientCredit)
                {
                    journal.MustAct(gateway, rejected.Why);
                }
                yield return new TextEvent.TurnedDown(attempt, rejected.Why, AgainAt(rejected));
                break;
            default:
                yield return new TextEvent.Unanswered(attempt);
                break;
        }
    }

    private DateTimeOffset? AgainAt(SmsResult.Rejected rejected)
    {
        if (!TextPlan.IsPassing(rejected.Why))
        {
            return null;
        }
        var pause = pauses.Next();
        return time.GetUtcNow() + (rejected.RetryAfter is { } asked && asked > pause ? asked : pause);
    }

    /// <summary>Lets something happen to a text, whatever happens to it at the same time. Null when the text is gone.</summary>
    /// <exception cref="UnavailableException">Others were always first. A receipt comes again; of an answer it is as if the gateway had
    /// kept silent.</exception>
    private Task<StoredText?> LearnAsync(StoredText stored, List<FlowEvent> news, params TextEvent[] happened) =>
        LearnAsync(stored, news, why: null, happened);

    /// <param name="why">Why the text goes nowhere, where its fate does not say it.</param>
    private async Task<StoredText?> LearnAsync(StoredText stored, List<FlowEvent> news, string? why, TextEvent[] happened)
    {
        var present = stored;
        var turn = turns.Begin(Turns.FollowUpTimeout);
        for (var conflicts = 1; ; conflicts++)
        {
            var now = time.GetUtcNow();
            var lines = new List<FlowEvent>();
            var fate = present.Fate;
            foreach (var one in happened)
            {
                var next = TextMachine.Next(fate, one, now);
                lines.AddRange(TextNews.Between(fate, one, next, now));
                RecordContradiction(present.Text.Id, fate, one);
                fate = next;
            }
            if (fate == present.Fate)
            {
                return present;
            }
            var announced = TextAnnouncements.Between(present.Text, present.Fate, fate, why, now);
            if (await SaveAsync(present with { Fate = fate, News = announced }, fate.BackSince(present.Fate)))
            {
                RecordEnds(present.Fate, fate);
                news.AddRange(lines);
                return present with { Fate = fate, Version = present.Version + 1 };
            }
            await turns.PauseAsync(conflicts, turn, CancellationToken.None);
            if (await texts.FindAsync(present.Text.Id, CancellationToken.None) is not { } reloaded)
            {
                return null;
            }
            present = reloaded;
        }
    }

    private Task<bool> SaveAsync(StoredText text, SpendingCharge? back) => back is null
        ? texts.TrySaveAsync(text, CancellationToken.None)
        : texts.TrySaveAsync(text, back, CancellationToken.None);

    /// <summary>Nothing is left to be done for the text.</summary>
    private async Task EndAsync(StoredText stored, TextStep step, ITextOwner owner, List<FlowEvent> news)
    {
        TextEvent end = step is TextStep.Expire ? new TextEvent.Dropped() : new TextEvent.GivenUp();
        if (stored.Fate.State != TextState.Queued)
        {
            // The phone may have it: the challenge stays open to its deadline. The flow first: should this process die in between, it is
            // told twice.
            news.AddRange(NewsOf(stored.Fate, end));
            await TellAsync(owner, stored.Text, news);
            await LearnAsync(stored, [], end);
            return;
        }

        // The flow first: should this process die in between, whoever takes the text up finds that nobody waits for it any more.
        var why = TextNews.CodeOf(step is TextStep.GiveUp { Why: var refusal } ? refusal : SmsRefusal.Expired);
        await owner.TellAsync(stored.Text, news, why, isUndelivered: false, CancellationToken.None);
        await LearnAsync(stored, [], why, [end]);
    }

    /// <param name="stored">As it was saved, where that is known: a fate that is only expected may still come out otherwise.</param>
    private static async Task TellAsync(ITextOwner owner, OutgoingText text, List<FlowEvent> news, StoredText? stored = null)
    {
        var isUndelivered = stored?.Fate.IsUndelivered == true;
        if (news.Count > 0 || isUndelivered)
        {
            await owner.TellAsync(text, news, unavailable: null, isUndelivered, CancellationToken.None);
        }
    }

    private List<FlowEvent> NewsOf(TextFate fate, TextEvent happened)
    {
        var now = time.GetUtcNow();
        return [.. TextNews.Between(fate, happened, TextMachine.Next(fate, happened, now), now)];
    }

    private async Task<IReadOnlyList<GatewayName>> UsedBeforeAsync(OutgoingText text) =>
        [.. (await texts.ListAsync(text.Flow, CancellationToken.None))
            .Where(other => other.Text.Id != text.Id).SelectMany(other => other.Fate.Attempts).Select(attempt => attempt.Gateway)
            .Distinct()];

    private void RecordContradiction(Guid id, TextFate fate, TextEvent happened)
    {
        if (fate.Attempt(TextEvent.AttemptOf(happened)) is { } attempt && attempt.IsContradictedBy(happened))
        {
            journal.Contradicted(id, attempt.Gateway, attempt.State);
        }
    }

    /// <summary>For each gateway's standing.</summary>
    private void RecordEnds(TextFate before, TextFate after)
    {
        foreach (var (index, attempt) in after.Attempts.Index())
        {
            var isNew = attempt.IsOver && before.Attempt(index + 1)?.IsOver != true;
            // A gateway that turns a text down at once has not failed to deliver one.
            var wasTaken = attempt.State != AttemptState.Refused
                || before.Attempt(index + 1)?.State is AttemptState.Accepted or AttemptState.Enroute;
            if (isNew && wasTaken)
            {
                gateways.Record(attempt.Gateway, attempt.State == AttemptState.Delivered);
            }
        }
    }

    private bool IsDue(StoredText stored) => stored.Fate.DueAt <= time.GetUtcNow();
}
