using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Server.Timeline;

namespace Countersign.Server.Hosting;

/// <summary>Writes each new flow and each change of one to the log.</summary>
internal sealed class FlowLog(ILogger<FlowLog> logger) : IFlowJournal
{
    public void Begun(Flow flow) => Log.FlowBegun(logger, flow.Id, flow.Product, flow.Type);

    public void Refused(ProjectId project, Reached reached) =>
        Log.LimitReached(logger, project, FlowSentences.Of(reached.ToFact(DateTimeOffset.MinValue)));

    public void Changed(Flow flow, IEnumerable<FlowEvent> news)
    {
        foreach (var happened in news)
        {
            Log.FlowChanged(logger, flow.Id, FlowSentences.Of(happened));
        }
    }
}
