using System.Collections.Immutable;

namespace Countersign.Operator.State;

/// <summary>What goes wrong for one number, or for all.</summary>
/// <param name="Faults">Each once.</param>
/// <param name="Latency">How long a stage waits before it answers.</param>
/// <param name="Status">The 5xx a stage answers with.</param>
internal sealed record FaultSet(
    ImmutableHashSet<InjectedFault> Faults, ImmutableDictionary<Stage, TimeSpan> Latency, ImmutableDictionary<Stage, int> Status)
{
    public static FaultSet None { get; } = new([], ImmutableDictionary<Stage, TimeSpan>.Empty, ImmutableDictionary<Stage, int>.Empty);

    public bool Has(InjectedFault fault) => Faults.Contains(fault);

    /// <summary>Both; where both say something about a stage, the other wins.</summary>
    public FaultSet With(FaultSet other) => new(Faults.Union(other.Faults), Latency.SetItems(other.Latency), Status.SetItems(other.Status));
}
