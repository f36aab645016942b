using Countersign.Core.Limits;

namespace Countersign.Core.Flows;

/// <summary>
/// Hears of every new flow, every one that a limit keeps from beginning, every saved change, and too many wrong codes, for those who
/// operate this: it writes down what, not whose.
/// </summary>
public interface IFlowJournal
{
    void Begun(Flow flow);

    /// <summary>A call was refused before there was a flow.</summary>
    void Refused(RefusedCall call);

    /// <summary>More wrong codes than a project's limit has were entered in its flows.</summary>
    void TooManyWrongCodes(ProjectId project, SourceLimitReached over);

    void Changed(Flow flow, IEnumerable<FlowEvent> news);
}
