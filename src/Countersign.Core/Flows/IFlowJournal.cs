namespace Countersign.Core.Flows;

/// <summary>Hears of every new flow and every saved change, for those who operate this: it writes down what, not whose.</summary>
public interface IFlowJournal
{
    void Begun(Flow flow);

    void Changed(Flow flow, IEnumerable<FlowEvent> news);
}
