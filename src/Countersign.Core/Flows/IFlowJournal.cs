namespace Countersign.Core.Flows;

/// <summary>Hears of every saved change, for those who operate this: it writes down what, not whose.</summary>
public interface IFlowJournal
{
    void Changed(Flow flow, IEnumerable<TimelineEntry> news);
}
