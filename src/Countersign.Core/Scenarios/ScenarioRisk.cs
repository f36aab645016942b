using Countersign.Core.History;
using Countersign.Core.Possession;

namespace Countersign.Core.Scenarios;

/// <summary>Which signals were given, by what was refused for them.</summary>
internal sealed class ScenarioRisk
{
    private readonly FlowAccount _flow;

    public ScenarioRisk(FlowAccount flow)
    {
        _flow = flow;
        Refused =
        [
            .. flow.Facts.Where(fact => fact.Code == FlowEventCode.PossessionNotAccepted)
                .SelectMany(fact => Of(fact) is var (given, unknown) ? given.Concat(unknown) : []).Distinct(StringComparer.Ordinal),
        ];
        RefusesUnknown = flow.Facts.Any(fact =>
            fact.Code == FlowEventCode.PossessionNotAccepted && CodesOf(fact).Contains(FlowReason.RiskUnknown));
    }

    /// <summary>What the project refuses a possession for, as far as the flow shows it.</summary>
    public IReadOnlyList<string> Refused { get; }

    public bool RefusesUnknown { get; }

    /// <summary>The signals that a fact tells of, and one of which nobody knew where it says that.</summary>
    public (IReadOnlyList<string> Given, IReadOnlyList<string> Unknown) Of(FlowEvent fact)
    {
        var codes = CodesOf(fact);
        List<string> given = [.. codes.Where(ScenarioWords.Signals.ContainsKey)];
        return (given, codes.Contains(FlowReason.RiskUnknown) ? [UnknownOf(codes, given)] : []);
    }

    private static string[] CodesOf(FlowEvent fact) => fact.Reason?.Split(',') ?? [];

    // The fact does not say which; signals are told in their order, so any that comes to the same fact is as good as another.
    private string UnknownOf(string[] codes, List<string> given)
    {
        var isByKey = _flow.Facts.Any(fact =>
            fact.Code == FlowEventCode.PossessionProven && fact.Method == PossessionMethod.DeviceKey.Name);
        return isByKey
            ? FlowReason.Recycled
            : ScenarioWords.Signals.Keys.First(signal => !given.Contains(signal) && ScenarioWords.Signals.Keys
                .Where(one => one == signal || given.Contains(one)).Select(one => one == signal ? FlowReason.RiskUnknown : one)
                .SequenceEqual(codes, StringComparer.Ordinal));
    }
}
