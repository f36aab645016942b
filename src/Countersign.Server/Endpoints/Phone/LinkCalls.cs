using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Projects;

namespace Countersign.Server.Endpoints.Phone;

/// <summary>What calls of the link page find and change.</summary>
internal sealed class LinkCalls(InstantLinkMethod method, IFlowStore flows, FlowRunner runner, ProjectDirectory projects, TimeProvider time)
{
    /// <summary>Null when no living flow has this link; nothing tells why.</summary>
    public async Task<LinkCall?> FindAsync(HttpContext context)
    {
        if (LinkAddress.TokenIn(context.Request.RouteValues["token"] as string ?? "") is not { } token)
        {
            return null;
        }
        var link = method.HashOf(token);
        var flow = await flows.FindByLinkAsync(link, context.RequestAborted);
        var now = time.GetUtcNow();
        if (flow is null || now >= flow.ExpiresAt)
        {
            return null;
        }

        var project = await projects.FindProjectAsync(flow.ProjectId, context.RequestAborted);
        return project is null ? null : new LinkCall(link, flow.At(now), project, context.RequestAborted);
    }

    /// <summary>Confirms, and says whether it was this call that did. The result is final before this returns.</summary>
    public async Task<(LinkCall? After, bool IsConfirmedHere)> ConfirmAsync(LinkCall call, Secret digits)
    {
        var isConfirmedHere = false;
        var after = await ChangeAsync(call, (flow, now) =>
        {
            var confirmed = method.Confirm(flow, call.Link, digits, now);
            isConfirmedHere = flow.Possession is PossessionState.Challenged && confirmed.Possession is PossessionState.Succeeded;
            return confirmed;
        });
        return (after, isConfirmedHere);
    }

    public Task<LinkCall?> DeclineAsync(LinkCall call) =>
        ChangeAsync(call, (flow, now) => call.IsOut(flow) ? flow.After(new PossessionEvent.Declined(), now) : flow);

    /// <summary>
    /// Decides nothing. Who asks again what is decided may have had no answer, and then the desktop may have heard nothing either.
    /// </summary>
    public Task RepeatAsync(LinkCall call) => ChangeAsync(call, (flow, _) => flow);

    /// <summary>Null when the link is out no more: the flow is gone, or a newer link took this one's place in between.</summary>
    private async Task<LinkCall?> ChangeAsync(LinkCall call, Func<Flow, DateTimeOffset, Flow> decide)
    {
        var changed = await runner.ChangeAsync(call.Flow.Id, decide, call.Aborted);
        var settled = await runner.SettleAsync(changed, call.Aborted);
        return settled is null || (settled.Possession is PossessionState.Challenged && !call.IsOut(settled))
            ? null
            : call with { Flow = settled };
    }
}

/// <summary>A link that was opened: its flow as it stands now, and the project that asks.</summary>
internal sealed record LinkCall(SecretHash Link, Flow Flow, Project Project, CancellationToken Aborted)
{
    /// <summary>Wrong entries that are still forgiven, the last one included.</summary>
    public int EntriesLeft => Flow.Possession is PossessionState.Challenged c ? c.Challenge.Limits.Entries - c.WrongEntries : 0;

    /// <summary>Is this link the one that the flow waits for?</summary>
    public bool IsOut(Flow flow) => flow.Possession is PossessionState.Challenged { Challenge.Proof: var proof } && proof.Matches(Link);

    public override string ToString() => Flow.Id.ToString();
}
