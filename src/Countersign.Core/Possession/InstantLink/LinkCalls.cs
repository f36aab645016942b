using Countersign.Core.Flows;
using Countersign.Core.Projects;

namespace Countersign.Core.Possession.InstantLink;

/// <summary>What calls of the link page find and change.</summary>
public sealed class LinkCalls(InstantLinkMethod method, IFlowStore flows, FlowRunner runner, ProjectDirectory projects, TimeProvider time)
{
    /// <summary>Null when no living flow has this link; nothing tells why.</summary>
    public async Task<OpenedLink?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var link = method.HashOf(token);
        var flow = await flows.FindByLinkAsync(link, cancellationToken);
        var now = time.GetUtcNow();
        // Without it a link is the line's, and finds another flow of it.
        Guards.Drop("L09", ref flow, () => flow is null ? null
            : flows.FindAsync(new FlowSearch.ByNumber(flow.Number), now, 10, cancellationToken).GetAwaiter().GetResult()
                .FirstOrDefault(other => other.Id != flow.Id && other.Type == FlowType.Desktop && !other.IsDecided) ?? flow);
        if (flow is null || now >= flow.ExpiresAt)
        {
            return null;
        }

        var project = await projects.FindProjectAsync(flow.ProjectId, cancellationToken);
        return project is null ? null : new OpenedLink(link, flow.At(now), project);
    }

    /// <summary>Confirms. The result is final before this returns.</summary>
    /// <param name="digits">What was typed, when the flow asks for the desktop's digits.</param>
    /// <param name="browser">In which it was pressed; null when it is not known.</param>
    public async Task<LinkConfirmOutcome> ConfirmAsync(
        OpenedLink link, Secret digits, SeenBrowser? browser, CancellationToken cancellationToken)
    {
        var isConfirmedHere = false;
        var after = await ChangeAsync(
            link,
            (flow, now) =>
            {
                var confirmed = method.Confirm(flow, link.Link, digits, browser, now);
                isConfirmedHere = flow.Possession is PossessionState.Challenged && confirmed.Possession is PossessionState.Succeeded;
                return confirmed;
            },
            cancellationToken);
        Guards.Drop("L10", ref isConfirmedHere, () => after is { Flow.Possession: PossessionState.Succeeded });
        return after is null ? new LinkConfirmOutcome.Gone()
            : isConfirmedHere ? new LinkConfirmOutcome.Confirmed(after)
            : new LinkConfirmOutcome.NotConfirmed(after);
    }

    /// <returns>The link as it stands now; null when it is out no more.</returns>
    public Task<OpenedLink?> DeclineAsync(OpenedLink link, CancellationToken cancellationToken) => ChangeAsync(
        link,
        (flow, now) =>
        {
            var isOut = link.IsOut(flow);
            Guards.Drop("L05", ref isOut, () => false);
            return isOut ? flow.After(new PossessionEvent.Declined(), now) : flow;
        },
        cancellationToken);

    /// <summary>
    /// Decides nothing. Who asks again what is decided may have had no answer, and then the desktop may have heard nothing either.
    /// </summary>
    public Task RepeatAsync(OpenedLink link, CancellationToken cancellationToken) =>
        ChangeAsync(link, (flow, _) => flow, cancellationToken);

    /// <summary>Null when the link is out no more: the flow is gone, or a newer link took this one's place in between.</summary>
    private async Task<OpenedLink?> ChangeAsync(
        OpenedLink link, Func<Flow, DateTimeOffset, Flow> decide, CancellationToken cancellationToken)
    {
        var changed = await runner.ChangeAsync(link.Flow.Id, decide, cancellationToken);
        var settled = await runner.SettleAsync(changed, cancellationToken);
        return settled is null || (settled.Possession is PossessionState.Challenged && !link.IsOut(settled))
            ? null
            : link with { Flow = settled };
    }
}

/// <summary>A link that was opened: its flow as it stands now, and the project that asks.</summary>
public sealed record OpenedLink(SecretHash Link, Flow Flow, Project Project)
{
    /// <summary>Wrong entries that are still forgiven, the last one included.</summary>
    public int EntriesLeft => Flow.Possession is PossessionState.Challenged c ? c.Challenge.Limits.Entries - c.WrongEntries : 0;

    /// <summary>Is this link the one that the flow waits for?</summary>
    public bool IsOut(Flow flow) => flow.Possession is PossessionState.Challenged { Challenge.Proof: var proof } && proof.Matches(Link);

    public override string ToString() => Flow.Id.ToString();
}

/// <summary>What came of a press of the confirm button. A closed set.</summary>
public abstract record LinkConfirmOutcome
{
    private LinkConfirmOutcome() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>This call has confirmed it; of many at once only one has.</summary>
    public sealed record Confirmed(OpenedLink Link) : LinkConfirmOutcome;

    /// <summary>The digits were wrong, or another call has decided it.</summary>
    public sealed record NotConfirmed(OpenedLink Link) : LinkConfirmOutcome;

    /// <summary>The link is out no more.</summary>
    public sealed record Gone : LinkConfirmOutcome;
}
