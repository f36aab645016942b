using Countersign.Core.Flows;
using Countersign.Core.Receipts;

namespace Countersign.Core.History;

/// <summary>What a receipt is to be made of: of flows that live and have come to their end, and of those whose life is over.</summary>
public sealed class ReceiptSubjects(FlowRunner flows, FlowHistory history, TimeProvider time)
{
    public async Task<ReceiptSubject> FindAsync(CorrelationId id, ProjectId project, CancellationToken cancellationToken)
    {
        // In this order: between the two looks a flow may come to the end of its life, and none begins a second one.
        if (await flows.FindAsync(id, cancellationToken) is { } flow)
        {
            return flow.ProjectId != project || flow.ReceiptSeed is null ? new ReceiptSubject.None()
                : Ending.Reached(flow) is null ? new ReceiptSubject.NotEnded()
                : SubjectOf(history.OutcomeOf(flow), Commitments.Of(flow));
        }
        // Without anything that it commits to, a receipt could be shown for anybody.
        return await history.FindAsync(id, time.GetUtcNow(), cancellationToken) is { Commitments: not null } outcome
            && outcome.ProjectId == project
            ? SubjectOf(outcome, [])
            : new ReceiptSubject.None();
    }

    private ReceiptSubject.Ended SubjectOf(Outcome outcome, IReadOnlyList<Disclosure> disclosures) =>
        new(outcome, disclosures, history.KeptUntil(outcome));
}

/// <summary>What there is to make a receipt of. A closed set.</summary>
public abstract record ReceiptSubject
{
    private ReceiptSubject() { }

    /// <summary>No flow, another project's, nothing is kept of it, or a version began it that knew no receipts.</summary>
    public sealed record None : ReceiptSubject;

    /// <summary>Something may still come of the flow.</summary>
    public sealed record NotEnded : ReceiptSubject;

    /// <param name="Disclosures">What opens the receipt: as long as the flow lives, and none afterwards.</param>
    /// <param name="KeptUntil">From then on nothing is known of it.</param>
    public sealed record Ended(Outcome Outcome, IReadOnlyList<Disclosure> Disclosures, DateTimeOffset KeptUntil) : ReceiptSubject
    {
        public override string ToString() => Outcome.ToString();
    }
}
