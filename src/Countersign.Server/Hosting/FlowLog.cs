using Countersign.Core.Flows;

namespace Countersign.Server.Hosting;

/// <summary>Writes each new flow and each change of one to the log.</summary>
internal sealed class FlowLog(ILogger<FlowLog> logger) : IFlowJournal
{
    public void Begun(Flow flow) => Log.FlowBegun(logger, flow.Id, flow.Product, flow.Type);

    public void Changed(Flow flow, IEnumerable<TimelineEntry> news)
    {
        foreach (var entry in news)
        {
            Log.FlowChanged(logger, flow.Id, entry.What);
        }
    }
}
