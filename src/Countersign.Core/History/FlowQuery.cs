using Countersign.Core.Flows;

namespace Countersign.Core.History;

/// <summary>Which flows are asked for, whether they run or are over. What is null asks for nothing.</summary>
public sealed record FlowQuery
{
    /// <summary>What they are looked for by, where that is one key.</summary>
    public FlowSearch? Search { get; init; }

    /// <summary>What stands for the number of the search in outcomes; null where nothing was ever written of it.</summary>
    public LinePseudonym? Line { get; init; }

    /// <summary>They began at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>They began before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    public Product? Product { get; init; }

    /// <summary>A code of <see cref="FlowEnd"/>.</summary>
    public string? End { get; init; }

    /// <summary>A code of <see cref="FlowReason"/>, one of those that the end has.</summary>
    public string? Reason { get; init; }

    /// <summary>True: something may still come of them. False: they have ended.</summary>
    public bool? IsRunning { get; init; }

    /// <summary>Where a page before this one stopped: only what is older follows.</summary>
    public CorrelationId? Before { get; init; }

    // It may hold a number, and the relying party's own ids.
    public override string ToString() => nameof(FlowQuery);
}

/// <summary>A flow as the store has it: the one or the other, and neither where it cannot be read.</summary>
public sealed record ListedFlow(CorrelationId Id, Flow? Flow, Outcome? Outcome)
{
    public override string ToString() => Id.ToString();
}

/// <param name="Flows">Newest first.</param>
/// <param name="Next">Where the next page begins (<see cref="FlowQuery.Before"/>); null when there is nothing more.</param>
public sealed record FlowPage(IReadOnlyList<FlowAccount> Flows, CorrelationId? Next)
{
    public override string ToString() => $"{Flows.Count} flows";
}
