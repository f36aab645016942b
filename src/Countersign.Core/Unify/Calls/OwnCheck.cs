using Countersign.Core.Flows;

namespace Countersign.Core.Unify.Calls;

/// <summary>
/// Takes the relying party's word that its own check of a number has passed. Accepted once, and only of a flow that asked for it.
/// </summary>
public sealed class OwnCheck(FlowRunner flows, INumberPlan plan)
{
    /// <param name="phoneNumber">The flow's number as the relying party writes it.</param>
    public async Task<OwnCheckOutcome> AcceptAsync(
        CorrelationId id, ProjectId project, string phoneNumber, CancellationToken cancellationToken)
    {
        if (await flows.FindAsync(id, project, Product.Unify, cancellationToken) is not { } found)
        {
            return new OwnCheckOutcome.UnknownFlow();
        }
        if (found.Tail is not UnifyProgress { State: UnifyState.AwaitingOwnCheck })
        {
            return new OwnCheckOutcome.OutOfOrder();
        }
        if (plan.Read(phoneNumber) is not { } number || number != plan.FormOf(found.Number))
        {
            return new OwnCheckOutcome.OtherNumber();
        }

        // Of many calls at once the flow is saved by one; what the others then find asks for no check any more.
        var isAccepted = false;
        var flow = await flows.ChangeAsync(
            id,
            (present, now) =>
            {
                var after = present.After(new UnifyEvent.OwnCheckPassed(), now);
                isAccepted = after != present;
                return after;
            },
            cancellationToken);
        return flow is null ? new OwnCheckOutcome.UnknownFlow()
            : isAccepted ? new OwnCheckOutcome.Accepted(await flows.SettleAsync(flow, CancellationToken.None) ?? flow)
            : new OwnCheckOutcome.OutOfOrder();
    }
}

/// <summary>What came of the relying party's word. A closed set.</summary>
public abstract record OwnCheckOutcome
{
    private OwnCheckOutcome() { }

    /// <param name="Flow">As it stands now that number, identity and device are tied together.</param>
    public sealed record Accepted(Flow Flow) : OwnCheckOutcome;

    /// <summary>The project has no such unify flow, or its life is over.</summary>
    public sealed record UnknownFlow : OwnCheckOutcome;

    /// <summary>The flow awaits no check, or another call has told it already.</summary>
    public sealed record OutOfOrder : OwnCheckOutcome;

    /// <summary>What was written is not the flow's number.</summary>
    public sealed record OtherNumber : OwnCheckOutcome;
}
