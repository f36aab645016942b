using Countersign.Core.Flows;
using Countersign.Core.Texts;

namespace Countersign.Core.History;

/// <summary>Keeps what became of flows, when the flows themselves go.</summary>
public interface IOutcomeStore
{
    /// <summary>The flows whose life ended before the given moment, by their ids, with their texts.</summary>
    /// <param name="after">The id after which to go on; null to begin.</param>
    /// <param name="limit">At most so many are looked at.</param>
    Task<EndedFlows> ListEndedAsync(DateTimeOffset before, CorrelationId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Makes ready what outcomes of the next days need; what is ready stays as it is.</summary>
    Task PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the outcome of each flow in its place, all in one transaction: either is there, never both and never neither. A flow that
    /// somebody has changed since it was read, or that is gone, is left out. What is announced with it is stored with it. Says how many
    /// flows went.
    /// </summary>
    Task<int> ReplaceAsync(IReadOnlyList<ReplacedFlow> flows, CancellationToken cancellationToken);

    /// <summary>Adds outcomes of what has no flow; those that are there already are left as they are.</summary>
    Task AddAsync(IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken);

    /// <summary>Returns null when there is none, or no more.</summary>
    Task<Outcome?> FindAsync(CorrelationId id, CancellationToken cancellationToken);

    /// <summary>
    /// Flows and outcomes together, newest first, as they were at one moment: a flow that becomes an outcome meanwhile is there once.
    /// </summary>
    /// <param name="query">Of a flow that ran out the row does not know its end, and of reasons and of what runs the store knows nothing:
    /// the caller judges what it is given.</param>
    /// <param name="project">Whose; null for those of all projects.</param>
    Task<IReadOnlyList<ListedFlow>> ListAsync(
        FlowQuery query, ProjectId? project, int limit, CancellationToken cancellationToken);

    /// <summary>Those of the given flows that live or whose outcomes are kept, as they were at one moment.</summary>
    /// <exception cref="UnavailableException">What outcomes stand under is out of reach.</exception>
    Task<IReadOnlyList<ListedFlow>> ListAsync(IReadOnlyCollection<CorrelationId> flows, CancellationToken cancellationToken);

    /// <summary>Goes through outcomes in the order in which their flows began: those that can be read, with their lines.</summary>
    /// <param name="from">Those that began at this moment or later.</param>
    /// <param name="after">The id after which to go on; null to begin.</param>
    Task<ScannedOutcomes> ScanAsync(DateTimeOffset from, CorrelationId? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Removes outcomes of flows that ended before the given moment, at most <paramref name="limit"/> of them or, where they are kept by
    /// days, all of days of which none is to stay, and says how many.
    /// </summary>
    Task<int> RemoveAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken);
}

/// <param name="Next">The id after which to go on; null when there are no more.</param>
public sealed record ScannedOutcomes(IReadOnlyList<Outcome> Outcomes, CorrelationId? Next)
{
    public override string ToString() => $"{Outcomes.Count} outcomes";
}

/// <param name="Flows">Those that could be read.</param>
/// <param name="Next">The id after which to go on; null when there are no more.</param>
public sealed record EndedFlows(IReadOnlyList<EndedFlow> Flows, CorrelationId? Next)
{
    public override string ToString() => $"{Flows.Count} flows";
}

/// <param name="Texts">Those that could be read, oldest first.</param>
public sealed record EndedFlow(Flow Flow, IReadOnlyList<StoredText> Texts);

/// <param name="Version">That of the flow when it was read.</param>
public sealed record ReplacedFlow(Outcome Outcome, long Version)
{
    /// <summary>False where the flow goes and its outcome is not kept.</summary>
    public bool IsKept { get; init; } = true;

    /// <summary>What is announced with it.</summary>
    public IReadOnlyList<Announcement> News { get; init; } = [];
}
