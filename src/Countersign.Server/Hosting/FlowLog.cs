using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Server.Timeline;

namespace Countersign.Server.Hosting;

/// <summary>Writes each new flow and each change of one to the log, and hands on what was refused.</summary>
internal sealed class FlowLog(CallHistory history, ILogger<FlowLog> logger) : IFlowJournal
{
    public void Begun(Flow flow) => Log.FlowBegun(logger, flow.Id, flow.Product, flow.Type);

    public void Refused(RefusedCall call)
    {
        history.Add(call);
        if (call.Reached is { } reached)
        {
            Refused(call.ProjectId, reached.ToFact(DateTimeOffset.MinValue));
        }
    }

    public void Changed(Flow flow, IEnumerable<FlowEvent> news)
    {
        foreach (var happened in news)
        {
            if (ReachedLimit.Of(happened) is { } at)
            {
                Log.FlowLimited(
                    logger, flow.Id, FlowSentences.Of(happened), happened.Code, at.Rule, at.Count, at.Max, at.Currency, at.Window, at.Until,
                    at.IsShadow);
                continue;
            }
            Log.FlowChanged(logger, flow.Id, FlowSentences.Of(happened), happened.Code, happened.Reason);
        }
    }

    public void TooManyWrongCodes(ProjectId project, SourceLimitReached over)
    {
        var at = ReachedLimit.Of(over.Reached.ToEvidence(isShadow: over.Mode == LimitMode.Shadow));
        Log.TooManyWrongCodes(logger, project, over.Mode, at, at.Rule, at.Count, at.Max, at.Window, at.Until, at.IsShadow);
    }

    private void Refused(ProjectId project, FlowEvent fact)
    {
        if (ReachedLimit.Of(fact) is { } at)
        {
            Log.LimitReached(logger, project, FlowSentences.Of(fact), at.Rule, at.Count, at.Max, at.Currency, at.Window, at.Until);
        }
    }
}
