using Countersign.Core.Flows;

namespace Countersign.Server.Hosting;

/// <summary>Writes each change of a flow to the log.</summary>
internal sealed class FlowLog(ILogger<FlowLog> logger) : IFlowJournal
{
    public void Changed(Flow flow, IEnumerable<TimelineEntry> news)
    {
        foreach (var entry in news)
        {
            Log.FlowChanged(logger, flow.Id, entry.What);
        }
    }
}
