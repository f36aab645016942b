namespace Countersign.Core.Flows;

/// <summary>
/// Hears of every new flow, every one that a limit keeps from beginning, and every saved change, for those who operate this: it writes down
/// what, not whose.
/// </summary>
public interface IFlowJournal
{
    void Begun(Flow flow);

    /// <summary>A call was refused before there was a flow.</summary>
    void Refused(RefusedCall call);

    void Changed(Flow flow, IEnumerable<FlowEvent> news);
}
