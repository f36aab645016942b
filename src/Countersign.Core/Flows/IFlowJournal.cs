using Countersign.Core.Limits;

namespace Countersign.Core.Flows;

/// <summary>
/// Hears of every new flow, every one that a limit keeps from beginning, and every saved change, for those who operate this: it writes down
/// what, not whose.
/// </summary>
public interface IFlowJournal
{
    void Begun(Flow flow);

    /// <summary>A call that would have begun one was refused, and nothing is stored.</summary>
    void Refused(ProjectId project, Reached reached);

    void Changed(Flow flow, IEnumerable<FlowEvent> news);
}
